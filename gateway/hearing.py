"""Whether messages about membership's changes reach this gateway. An open connection does not prove it.

Two proofs are needed, each at most `FRESH_SECONDS` old. First, a message that the gateway sent into its own queue came
back: the broker delivers, and all earlier messages of the queue have arrived. Second, membership said that its outbox
holds nothing older than half a second. Without both, the gateway may not know of a change.
"""

import time

from gateway.auth import HEARD, Credentials
from shared.contracts.membership.principals import OutboxCurrent
from shared.messaging.broker import Broker
from shared.messaging.envelope import Envelope
from shared.messaging.listener import Listener

FRESH_SECONDS = 1.0
"""How old a proof may be. Together with the half second of the outbox this stays below the promised two seconds."""


class Hearing:
    """Passes messages to the credentials. `is_current()` says whether remembered credentials may be used."""

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
        """Forget credentials after a gap: they may have changed in it, and the message may not have come yet."""
        if time.monotonic() - proven_at > FRESH_SECONDS:
            self._credentials.forget_all()

    def _begin_anew(self) -> None:
        """Forget everything at a new connection: messages may have been missed before it."""
        self._checked_at = self._told_at = float("-inf")
        self._credentials.forget_all()
