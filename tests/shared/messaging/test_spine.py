"""A change and its message, from the transaction to the effect, on real MongoDB and RabbitMQ."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from shared import clock
from shared.app import Service
from shared.messaging import dead
from shared.messaging.envelope import Envelope
from shared.messaging.outbox import Row
from shared.messaging.reactions import Received, Subscriptions, on
from shared.messaging.topology import Names
from shared.mongo import Transaction
from shared.settings import Settings
from tests.support.service import COUNTS_RIPPLES, RippleSeen, StoneThrown, a_running, count_ripple, throw
from tests.support.waiting import eventually


@pytest.fixture
async def pond(settings: Settings) -> AsyncIterator[Service]:
    """A service that throws stones and counts its own ripples."""
    async with a_running("pond", settings) as service:
        yield service
        for collection in ("stones", "ripples", "outbox", "inbox"):
            await service.database[collection].delete_many({})


async def ripples(service: Service) -> dict[int, int]:
    return {row["_id"]: row["count"] async for row in service.database["ripples"].find()}


async def test_a_committed_change_takes_effect_at_the_consumer_once(pond: Service) -> None:
    await asyncio.gather(*(throw(pond.database, n) for n in range(50)))

    async def all_counted() -> bool:
        return await ripples(pond) == dict.fromkeys(range(50), 1)

    await eventually(all_counted)

    async def all_marked() -> bool:
        return (await pond.outbox.backlog())[0] == 0

    await eventually(all_marked)


async def test_an_aborted_change_leaves_neither_document_nor_message(pond: Service) -> None:
    with pytest.raises(RuntimeError):
        await throw(pond.database, 1, fail=True)
    assert await pond.database["stones"].count_documents({}) == 0
    assert await pond.database["outbox"].count_documents({}) == 0


async def test_a_commit_that_fails_leaves_no_message(pond: Service) -> None:
    async def refuse(tx: Transaction) -> None:
        raise RuntimeError("at the last moment")

    pond.database.before_commit.append(refuse)
    with pytest.raises(RuntimeError):
        await throw(pond.database, 1)
    assert await pond.database["stones"].count_documents({}) == 0
    assert await pond.database["outbox"].count_documents({}) == 0


async def test_the_same_message_delivered_again_changes_nothing(pond: Service) -> None:
    await throw(pond.database, 7)

    async def arrived() -> bool:
        return (await ripples(pond)).get(7) == 1

    await eventually(arrived)
    row = await pond.database["outbox"].find_one({})
    handled = pond.consumer.counters["duplicate"]
    for _ in range(3):
        await pond.broker.publish(row["type"], row["_id"], bytes(row["body"]))

    async def seen_again() -> bool:
        return pond.consumer.counters["duplicate"] >= handled + 3

    await eventually(seen_again)
    assert await ripples(pond) == {7: 1}


async def test_rows_left_behind_by_a_dead_process_are_swept_up(pond: Service) -> None:
    pond.relay.nudge = lambda rows, token, since: None  # type: ignore[method-assign]
    pond.outbox.committed = pond.relay.nudge
    await throw(pond.database, 1)
    await pond.database["outbox"].update_one(
        {}, {"$set": {"lease.until": (await pond.database["outbox"].find_one({}))["recorded_at"]}}
    )

    async def arrived() -> bool:
        return await ripples(pond) == {1: 1}

    await eventually(arrived)


async def test_rows_leased_by_a_clock_that_was_ahead_are_swept_up_as_well(pond: Service) -> None:
    pond.outbox.committed = lambda rows, token, since: None
    await throw(pond.database, 1)
    tomorrow = clock.now() + timedelta(days=1)
    await pond.database["outbox"].update_one({}, {"$set": {"lease.until": tomorrow}})

    async def arrived() -> bool:
        return await ripples(pond) == {1: 1}

    await eventually(arrived)


async def test_a_relay_that_lost_its_lease_marks_nothing(pond: Service) -> None:
    pond.outbox.committed = lambda rows, token, since: None
    await throw(pond.database, 1)
    row = await pond.database["outbox"].find_one({})
    assert await pond.outbox.mark([row["_id"]], "another-fence") == 0
    assert await pond.outbox.mark([row["_id"]], row["lease"]["token"]) == 1


async def test_rows_held_past_their_lease_are_dropped_unpublished(pond: Service) -> None:
    taken: list[tuple[Row, str, float]] = []
    pond.outbox.committed = lambda rows, token, since: taken.extend((row, token, since) for row in rows)
    await throw(pond.database, 1)
    published = pond.relay.published
    late = [(row, token, since - pond.outbox.lease.total_seconds()) for row, token, since in taken]
    await pond.relay._publish(late)
    assert pond.relay.published == published
    assert (await pond.outbox.backlog())[0] == 1


async def test_a_message_nobody_wants_waits_in_the_outbox(pond: Service) -> None:
    async def work(tx: Transaction) -> None:
        tx.record(RippleSeen(number=1), subject="ripple")

    await pond.database.transaction(work)

    async def put_off() -> bool:
        row = await pond.database["outbox"].find_one({"pending": True, "tries": {"$gte": 1}})
        return row is not None

    await eventually(put_off)


async def test_a_malformed_body_is_parked_at_once_and_the_good_go_on(pond: Service) -> None:
    await pond.broker.publish("pond.stone_thrown.v1", "msg_bad", b"\xff not json")
    await throw(pond.database, 2)

    async def arrived() -> bool:
        return await ripples(pond) == {2: 1}

    await eventually(arrived)
    names = pond.consumer.names

    async def parked() -> list[dead.Parked]:
        return await dead.parked(pond.settings.amqp_url, names)

    found = await eventually(parked)
    assert [(one.reason, one.is_readable) for one in found] == [("malformed", False)]
    assert await dead.replay(pond.settings.amqp_url, names, lambda one: True) == []


async def test_a_failing_reaction_is_retried_then_parked_then_replayed_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shared.messaging.consumer as consumer

    monkeypatch.setattr(consumer, "RETRIES", (("1s", timedelta(seconds=1)),))
    broken = True
    tried: list[str] = []

    async def fragile(tx: Transaction, message: StoneThrown, envelope: Envelope) -> None:
        await count_ripple(tx, message, envelope)
        tried.append(envelope.id)
        if broken:
            raise ValueError("no water in the pond")

    async with a_running("fragile", settings, Subscriptions(reactions=(on(StoneThrown, fragile),))) as service:
        await throw(service.database, 3)
        names: Names = service.consumer.names

        async def parked() -> list[dead.Parked]:
            return await dead.parked(settings.amqp_url, names)

        (one,) = await eventually(parked)
        assert (one.reason, one.attempts) == ("tries_used_up", 2)
        assert await ripples(service) == {}
        broken = False
        assert await dead.replay(settings.amqp_url, names, lambda one: True) == [one.id]
        assert await dead.replay(settings.amqp_url, names, lambda one: True) == []

        async def arrived() -> bool:
            return await ripples(service) == {3: 1}

        await eventually(arrived)


async def test_a_batch_takes_effect_together_and_a_bad_one_in_it_alone_fails(settings: Settings) -> None:
    sizes: list[int] = []

    async def batch(tx: Transaction, received: list[Received]) -> None:
        sizes.append(len(received))
        for one in received:
            number = one.envelope.read(StoneThrown).number
            if number == 13:
                raise ValueError("unlucky")
            await tx.database["ripples"].insert_one({"_id": number, "count": 1})

    subscriptions = Subscriptions(batched=(StoneThrown,), batch=batch)  # type: ignore[arg-type]
    async with a_running("batching", settings, subscriptions) as service:
        await asyncio.gather(*(throw(service.database, n) for n in range(10, 40)))

        async def all_but_one() -> bool:
            return set(await ripples(service)) == set(range(10, 40)) - {13}

        await eventually(all_but_one)
        assert max(sizes) > 1


async def test_both_of_two_replicas_share_the_work_and_nothing_is_counted_twice(settings: Settings) -> None:
    async with a_running("twin", settings) as one, a_running("twin", settings) as other:
        await asyncio.gather(*(throw((one, other)[n % 2].database, n) for n in range(100)))

        async def all_counted() -> bool:
            return await ripples(one) == dict.fromkeys(range(100), 1)

        await eventually(all_counted)


def test_the_table_of_subscriptions_gives_the_binding_keys() -> None:
    assert COUNTS_RIPPLES.binding_keys() == ["pond.stone_thrown.v1"]
