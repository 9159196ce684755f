"""Breaks one guarantee on purpose, to see that the proofs fail: `pytest --break outbox`.

`outbox`: the message is written outside the change's transaction. `mark-first`: rows are marked before they are
published. `unconfirmed`: a message counts as published before the broker has confirmed it. `inbox`: handled messages
are not recorded. `fanout`: a third of the public messages is logged but delivered to nobody. `capacity`: a full event
accepts more people. `guards`: routes do not check their scopes. `fanout-cap`: all deliveries of a batch of messages are
created in one transaction. `shares`: one hub may use all slots for lookups and attempts. `answers`: a receiver's answer
is read without a limit.
"""

import importlib
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zlib import crc32

import aio_pika

from shared.messaging import inbox
from shared.messaging.envelope import Envelope
from shared.messaging.outbox import Outbox, Row
from shared.messaging.relay import Relay
from shared.mongo import Transaction

if TYPE_CHECKING:
    from services.notify.deliveries.model import Delivery

VARIABLE = "MYCELIUM_TEST_BREAK"


def broken() -> str:
    """The guarantee that is broken in this run; empty when none is."""
    return os.environ.get(VARIABLE, "")


def apply() -> None:
    """Break the guarantee named in the environment. The test run and each process it starts call this."""
    if broken():
        _BREAKS[broken()]()


def _break_outbox() -> None:
    honest = Outbox.append

    async def append_outside(self: Outbox, transaction: Transaction) -> None:
        """Write the message whether or not the change commits."""
        transaction.is_over = True  # so that the writes do not join it
        try:
            await honest(self, transaction)
        finally:
            transaction.is_over = False

    Outbox.append = append_outside  # type: ignore[method-assign]


def _break_mark_first() -> None:
    honest = Relay._publish

    async def mark_and_publish(self: Relay, taken: list[tuple[Row, str, float]]) -> None:
        """Mark, then publish: a process that dies in between loses the message."""
        for token in {token for _, token, _ in taken}:
            await self.outbox.mark([row.id for row, of, _ in taken if of == token], token)
        await honest(self, taken)

    Relay._publish = mark_and_publish  # type: ignore[method-assign]


def _break_confirms() -> None:
    honest = aio_pika.Connection.channel

    def unconfirmed(self: aio_pika.Connection, *_: Any, **__: Any) -> Any:
        """A channel on which a publish returns before the broker confirms it."""
        return honest(self, publisher_confirms=False, on_return_raises=False)

    aio_pika.Connection.channel = unconfirmed  # type: ignore[method-assign]


def _break_inbox() -> None:
    async def admit_all(transaction: Transaction, envelopes: Sequence[Envelope]) -> set[str]:
        return {envelope.id for envelope in envelopes}

    inbox.admit = admit_all


def _break_fanout() -> None:
    intake = importlib.import_module("services.notify.log.reactions")
    honest = intake.deliver

    async def deliver_two_of_three(
        transaction: Transaction, deliveries: Sequence["Delivery"], *rest: Any, **more: Any
    ) -> None:
        two_of_three = [each for each in deliveries if crc32(each.message_id.encode()) % 3]
        await honest(transaction, two_of_three, *rest, **more)

    intake.deliver = deliver_two_of_three  # type: ignore[attr-defined]


def _break_capacity() -> None:
    from services.events.events.model import Event

    Event.has_room = property(lambda self: True)  # type: ignore[method-assign,assignment]


def _break_guards() -> None:
    from shared import routing

    routing.admit = lambda principal, needs: None


def _break_fanout_cap() -> None:
    intake: Any = importlib.import_module("services.notify.log.reactions")
    intake.MOST_OF_ONE_HUB = 1_000_000
    intake.delivered_at_once = lambda hub_of, counts: set(hub_of)


def _break_shares() -> None:
    from services.notify.deliveries.shares import Shares

    Shares.left = lambda self, hub_id: max(0, self.total - self.used)  # type: ignore[method-assign]


def _break_answers() -> None:
    from services.notify.deliveries.bounded import BoundedHandler

    BoundedHandler._give_up = lambda self, error: None  # type: ignore[method-assign]


_BREAKS = {
    "outbox": _break_outbox,
    "mark-first": _break_mark_first,
    "unconfirmed": _break_confirms,
    "inbox": _break_inbox,
    "fanout": _break_fanout,
    "capacity": _break_capacity,
    "guards": _break_guards,
    "fanout-cap": _break_fanout_cap,
    "shares": _break_shares,
    "answers": _break_answers,
}
CHOICES = tuple(_BREAKS)
