"""What the consumer does when the trouble is not the message's: locks, and errors of its own."""

import asyncio

import pytest
from aio_pika.abc import AbstractIncomingMessage

from shared.app import depths
from shared.messaging.consumer import Consumer
from shared.messaging.envelope import Envelope
from shared.messaging.reactions import Received, Subscriptions, on
from shared.mongo import Transaction
from shared.settings import Settings
from tests.support.service import StoneThrown, a_running, throw
from tests.support.waiting import eventually


async def test_what_somebody_holds_locked_is_waited_for_and_counts_as_no_failure(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.mongo.database.GIVE_UP_SECONDS", 0.2)
    monkeypatch.setattr("shared.messaging.consumer.HOLD_SECONDS", 0.1)
    async with a_running("locked", settings) as service:
        await service.database["ripples"].insert_one({"_id": 1, "count": 0})

        thrown = asyncio.Event()

        async def holding(tx: Transaction) -> None:
            await tx.database["ripples"].update_one({"_id": 1}, {"$set": {"held": True}})
            thrown.set()
            await eventually(lambda: service.consumer.counters["held"] >= 2)

        async with asyncio.TaskGroup() as together:
            together.create_task(service.database.transaction(holding))
            await thrown.wait()
            await throw(service.database, 1)

        async def counted() -> bool:
            row = await service.database["ripples"].find_one({"_id": 1})
            return bool(row["count"] == 1)

        await eventually(counted)
        assert service.consumer.counters["retried"] == 0


async def test_a_message_left_in_hand_by_a_failure_is_not_acknowledged_with_the_next_batch(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches are acknowledged up to their last message, so an earlier one must not lie about unsettled."""
    broken = {13}
    failed: list[int] = []

    async def batch(tx: Transaction, received: list[Received]) -> None:
        numbers = [one.envelope.read(StoneThrown).number for one in received]
        if broken.intersection(numbers):
            raise ValueError("unlucky")
        await tx.database["ripples"].insert_many([{"_id": n, "count": 1} for n in numbers])

    async def cannot(self: Consumer, message: AbstractIncomingMessage, error: Exception) -> None:
        failed.append(1)
        broken.clear()
        raise LookupError("no way to put it aside")

    monkeypatch.setattr(Consumer, "_retry", cannot)
    subscriptions = Subscriptions(batched=(StoneThrown,), batch=batch)  # type: ignore[arg-type]
    async with a_running("unsettled", settings, subscriptions) as service:
        await throw(service.database, 13)
        await eventually(lambda: failed)
        for number in range(20, 23):
            await throw(service.database, number)

        async def all_there() -> bool:
            return {row["_id"] async for row in service.database["ripples"].find()} == {13, 20, 21, 22}

        await eventually(all_there)


async def test_the_backlog_is_what_waits_in_the_queue_and_what_is_in_hand(settings: Settings) -> None:
    may_go_on = asyncio.Event()

    async def hold(tx: Transaction, message: StoneThrown, envelope: Envelope) -> None:
        await may_go_on.wait()

    async with a_running("behind", settings, Subscriptions(reactions=(on(StoneThrown, hold),))) as service:
        prefetch = service.consumer.prefetch
        for number in range(prefetch + 6):
            await throw(service.database, number)

        async def all_wait() -> bool:
            return await depths(service) == (prefetch + 6, 0) and service.consumer.in_hand == prefetch

        await eventually(all_wait)
        may_go_on.set()

        async def none_waits() -> bool:
            return await depths(service) == (0, 0)

        await eventually(none_waits)
        assert service.consumer.counters["handled"] == prefetch + 6
