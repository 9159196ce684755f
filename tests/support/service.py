"""The parts of a running service without HTTP, for tests of `shared/`."""

import contextlib
from collections.abc import AsyncIterator
from typing import ClassVar

from shared.app import OWN_INDEXES, Service, build_service
from shared.messaging.envelope import Envelope, Message
from shared.messaging.reactions import Subscriptions, on
from shared.mongo import Database, Index, Transaction
from shared.settings import Settings


class StoneThrown(Message):
    """A message for tests."""

    topic: ClassVar[str] = "pond.stone_thrown"
    number: int


class RippleSeen(Message):
    """A message that no service handles."""

    topic: ClassVar[str] = "pond.ripple_seen"
    number: int


async def throw(database: Database, number: int, *, fail: bool = False) -> None:
    """A command: store a stone and record a message about it, in one transaction."""

    async def work(tx: Transaction) -> None:
        await database["stones"].insert_one({"_id": number})
        tx.record(StoneThrown(number=number), subject=f"stone-{number}")
        if fail:
            raise RuntimeError("the hand slipped")

    await database.transaction(work)


async def count_ripple(tx: Transaction, message: StoneThrown, envelope: Envelope) -> None:
    """A reaction: count the stone."""
    await tx.database["ripples"].update_one({"_id": message.number}, {"$inc": {"count": 1}}, upsert=True)


COUNTS_RIPPLES = Subscriptions(reactions=(on(StoneThrown, count_ripple),))


@contextlib.asynccontextmanager
async def a_running(
    name: str, settings: Settings, subscriptions: Subscriptions = COUNTS_RIPPLES
) -> AsyncIterator[Service]:
    """Run a service's parts while the block runs."""
    service = build_service(name, settings, subscriptions)
    own: dict[str, list[Index]] = {"stones": [], "ripples": []}
    for wanted in (*OWN_INDEXES, own):
        await service.database.ensure_indexes(wanted)
    await service.consumer.start()
    await service.relay.start()
    await service.broker.start()
    await service.broker.connected()
    try:
        yield service
    finally:
        await service.consumer.stop(5)
        await service.relay.stop(5)
        await service.broker.close()
        await service.mongo.close()
