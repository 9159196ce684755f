"""The switch that breaks one promise on purpose, to see that the proofs notice: `pytest --break outbox`.

`outbox`: the message is written outside the change's transaction. `inbox`: nothing is remembered. `capacity`: the rule
that a full event takes nobody more is not asked.
"""

import os
from collections.abc import Sequence

from shared.messaging import inbox
from shared.messaging.envelope import Envelope
from shared.messaging.outbox import Outbox
from shared.mongo import Transaction

CHOICES = ("outbox", "inbox", "capacity")
VARIABLE = "MYCELIUM_TEST_BREAK"


def broken() -> str:
    """Which promise is broken in this run; empty when none is."""
    return os.environ.get(VARIABLE, "")


def apply() -> None:
    """Break what the environment says. Called by the test run and by each process it starts."""
    if broken() == "outbox":
        _break_outbox()
    elif broken() == "inbox":
        _break_inbox()
    elif broken() == "capacity":
        _break_capacity()


def _break_outbox() -> None:
    honest = Outbox.append

    async def append_later(self: Outbox, transaction: Transaction) -> None:
        """Publish first and hope for the commit: the classic mistake."""
        recorded, transaction.recorded = transaction.recorded, []
        if not recorded:
            return

        async def alone(own: Transaction) -> None:
            own.recorded.extend(recorded)
            await honest(self, own)

        self.database.before_commit.remove(self.append)
        try:
            await self.database.transaction(alone, apart=True)
        finally:
            self.database.before_commit.append(self.append)

    Outbox.append = append_later  # type: ignore[method-assign]


def _break_inbox() -> None:
    async def admit_all(transaction: Transaction, envelopes: Sequence[Envelope]) -> set[str]:
        return {envelope.id for envelope in envelopes}

    inbox.admit = admit_all


def _break_capacity() -> None:
    from services.events.gatherings.model import Event

    Event.has_room = property(lambda self: True)  # type: ignore[method-assign,assignment]
