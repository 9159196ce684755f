"""Whether membership's changes reach this gateway: proven by messages that came, never assumed of an open connection.

Two proofs, each at most `FRESH_SECONDS` old. A message that the gateway sent into its own queue came back: the broker
passes messages on, and all that were in the queue before are heard. And membership said that it has handed over what it
had to tell: its outbox holds nothing older than half a second. Without both, a change may be unheard.
"""

import time

from gateway.auth import HEARD, Credentials
from shared.contracts.membership.principals import OutboxCurrent
from shared.messaging.broker import Broker
from shared.messaging.envelope import Envelope
from shared.messaging.listener import Listener

FRESH_SECONDS = 1.0
"""How old a proof may be. With the half second of membership's outbox it stays below the two seconds we promise."""


class Hearing:
    """Listens for the credentials. `is_current()` says whether what they remember may be used."""

    def __init__(self, broker: Broker, credentials: Credentials) -> None:
        self._broker = broker
        self._credentials = credentials
        self._checked_at = self._told_at = float("-inf")
        self.listener = Listener(broker, HEARD, self._hear, connected=self._begin_anew, checked=self._check)

    def is_current(self) -> bool:
        """Whether both proofs are fresh."""
        return self._broker.is_connected and time.monotonic() - min(self._checked_at, self._told_at) <= FRESH_SECONDS

    def _hear(self, envelope: Envelope) -> None:
        if envelope.type == OutboxCurrent.type_name():
            self._forget_after_a_gap(self._told_at)
            self._told_at = time.monotonic()
        else:
            self._credentials.hear(envelope)

    def _check(self, sent_at: float) -> None:
        self._forget_after_a_gap(self._checked_at)
        self._checked_at = max(self._checked_at, sent_at)

    def _forget_after_a_gap(self, proven_at: float) -> None:
        """What was remembered before a gap may have changed in it, and the message that says so may still be coming."""
        if time.monotonic() - proven_at > FRESH_SECONDS:
            self._credentials.forget_all()

    def _begin_anew(self) -> None:
        """Messages may have been missed until this very connection, so nothing from before it is believed."""
        self._checked_at = self._told_at = float("-inf")
        self._credentials.forget_all()
