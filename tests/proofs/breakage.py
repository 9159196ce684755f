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

    async def append_outside(self: Outbox, transaction: Transaction) -> None:
        """Write the message whether or not the change commits: the classic mistake."""
        outside = Transaction(None, transaction.database, transaction.recorded, transaction.after_commit)
        await honest(self, outside)

    Outbox.append = append_outside  # type: ignore[method-assign]


def _break_inbox() -> None:
    async def admit_all(transaction: Transaction, envelopes: Sequence[Envelope]) -> set[str]:
        return {envelope.id for envelope in envelopes}

    inbox.admit = admit_all


def _break_capacity() -> None:
    from services.events.gatherings.model import Event

    Event.has_room = property(lambda self: True)  # type: ignore[method-assign,assignment]
