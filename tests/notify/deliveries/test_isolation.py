"""A slow or dead receiver never delays another, and nothing is lost between the commit and the record."""

import asyncio
import secrets
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from services.notify.deliveries import store
from services.notify.deliveries.dispatch import BEGUN_WITHIN
from services.notify.deliveries.feature import FEATURE
from services.notify.deliveries.lanes import HELD_AT_LEAST, HELD_FOR_ONE, NARROW, WIDE, Lane, Places
from services.notify.deliveries.leases import LOOKED_AT, Mark, mark_all, take_due
from services.notify.deliveries.model import Job
from shared.contracts.notify.deliveries import DeliveryStatus
from shared.ids import encode
from shared.mongo import Database, Mongo
from shared.settings import Settings
from tests.support.notify import Notify, webhooks
from tests.support.receiver import Receiver, Reply, a_receiver
from tests.support.waiting import eventually


@pytest.fixture
async def quiet(settings: Settings) -> AsyncIterator[Database]:
    """A database of deliveries at which nobody works."""
    mongo = Mongo(settings.mongo_url)
    database = mongo.database(settings.database_name(f"quiet{secrets.token_hex(3)}"))
    await database.ensure_indexes(FEATURE.all_indexes())
    yield database
    await mongo.close()


@contextmanager
def a_dead_address() -> Iterator[str]:
    """A port that is bound and listens to nobody: connections are refused."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}/"


async def test_dead_and_stalling_endpoints_do_not_delay_a_healthy_one(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    async with a_receiver() as stalling:
        stalling.usually = Reply(stall=30)
        with a_dead_address() as dead:
            await notify.an_endpoint(hub, dead)
            for number in range(20):  # together they could take every place there is
                await notify.an_endpoint(hub, f"{stalling.url}/{number}")
            for _ in range(10):
                await notify.publish_event(hub)
            await eventually(lambda: len(stalling.received) >= 20 * NARROW)
            await notify.an_endpoint(hub, receiver.url)
            messages = [await notify.publish_event(hub) for _ in range(10)]

            def all_arrived() -> None:
                assert all(webhooks(receiver, message) for message in messages)

            await eventually(all_arrived, within=3)
            assert len(stalling.received) == 20 * NARROW  # which are all being kept waiting still


async def test_who_takes_long_gives_its_place_to_others() -> None:
    places = Places(prompt=1, laggards=1)
    entered: list[str] = []
    going_on = asyncio.Event()

    async def hold(name: str) -> None:
        async with places.place(Lane(name, "hub")):
            entered.append(name)
            await going_on.wait()

    slow, next_one = asyncio.create_task(hold("slow")), asyncio.create_task(hold("next"))
    await eventually(lambda: entered == ["slow", "next"], within=3)
    going_on.set()
    await asyncio.gather(slow, next_one)
    assert not places.prompt.locked()


async def test_what_a_crash_left_is_sent_by_a_sweep(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    await notify.an_endpoint(hub, receiver.url)
    message_id = await notify.publish_event(hub)
    delivery = await notify.settled(hub)
    deliveries = notify.service.database["deliveries"]

    # As the intake of a process left it that died right after its commit.
    def born(until: datetime) -> dict[str, object]:
        return {
            "status": "pending",
            "attempts": [],
            "tries": 0,
            "next_attempt_at": datetime.now(UTC),
            "lease": {"token": "of-the-dead", "until": until},
        }

    await deliveries.update_one({"_id": delivery["id"]}, {"$set": born(datetime.now(UTC) + timedelta(minutes=1))})
    await notify.dispatcher.sweep_once()
    held = await deliveries.find_one({"_id": delivery["id"]})
    assert held["lease"]["token"] == "of-the-dead"  # its lease still runs
    await deliveries.update_one({"_id": delivery["id"]}, {"$set": born(datetime.now(UTC) - timedelta(seconds=1))})

    def sent_again() -> None:
        assert len(webhooks(receiver, message_id)) == 2

    await eventually(sent_again)
    assert (await notify.tried(hub, 1))["status"] == "succeeded"


async def test_what_waited_too_long_in_memory_is_given_back_unsent(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    endpoint = (await notify.an_endpoint(hub, receiver.url))["endpoint"]["id"]
    message_id = await notify.publish_event(hub)
    delivery = await notify.settled(hub)
    held = {
        "status": "pending",
        "next_attempt_at": datetime.now(UTC) + timedelta(hours=1),
        "lease": {"token": "mine", "until": datetime.now(UTC) + timedelta(minutes=1)},
    }
    deliveries = notify.service.database["deliveries"]
    await deliveries.update_one({"_id": delivery["id"]}, {"$set": held})
    too_long_ago = time.monotonic() - BEGUN_WITHIN.total_seconds() - 1

    notify.dispatcher.offer([Job(delivery["id"], endpoint, hub, message_id, b"{}", 1, "mine", too_long_ago)])

    def sent_by_the_sweep() -> None:
        bodies = [one.body for one in webhooks(receiver, message_id)]
        assert len(bodies) == 2
        assert bodies[0] == bodies[1]  # from the log, not what was handed over too long ago

    await eventually(sent_by_the_sweep)


def test_a_lane_widens_with_prompt_answers_and_is_narrow_after_a_slow_one() -> None:
    lane = Lane("whe", "hub")
    assert (lane.width, lane.lags) == (NARROW, False)
    for _ in range(100):
        lane.has_answered(timedelta(milliseconds=20))
    assert (lane.width, lane.lags) == (WIDE, False)
    lane.has_answered(timedelta(seconds=1.5))
    assert (lane.width, lane.lags) == (NARROW, True)
    lane.has_answered(timedelta(milliseconds=20))
    assert not lane.lags


def test_a_lane_holds_what_it_can_begin_in_time() -> None:
    lane = Lane("whe", "hub")
    for _ in range(20):
        lane.could_not_keep_up()
    assert lane.capacity == HELD_AT_LEAST
    lane.ran_dry()
    assert lane.capacity == 2 * HELD_AT_LEAST
    for _ in range(20):
        lane.ran_dry()
    assert lane.capacity == HELD_FOR_ONE


async def test_a_mark_after_the_lease_was_lost_changes_nothing(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    await notify.an_endpoint(hub, receiver.url)
    await notify.publish_event(hub)
    delivery = await notify.settled(hub)
    database = notify.service.database
    held = {"status": "pending", "lease": {"token": "mine", "until": datetime.now(UTC) + timedelta(minutes=1)}}
    await database["deliveries"].update_one({"_id": delivery["id"]}, {"$set": held})

    late = Mark(delivery["id"], "somebody-else's", DeliveryStatus.FAILED, None)
    assert await mark_all(database, [late]) == 0
    assert (await notify.deliveries(hub))[0]["status"] == "pending"
    assert await mark_all(database, [Mark(delivery["id"], "mine", DeliveryStatus.FAILED, None)]) == 1
    assert (await notify.deliveries(hub))[0]["status"] == "failed"


async def test_a_backlog_for_one_does_not_hide_what_is_due_to_another(quiet: Database) -> None:
    def due(endpoint: str, number: int) -> dict[str, object]:
        return {
            "_id": f"{endpoint}-{number:03}",
            "endpoint_id": endpoint,
            "hub_id": "hub",
            "status": "pending",
            "next_attempt_at": datetime.now(UTC) - timedelta(minutes=1),
            "lease": {"token": "", "until": None},
        }

    await quiet["deliveries"].insert_many([*(due("busy", n) for n in range(LOOKED_AT + 100)), due("idle", 0)])
    left = {"busy": 5, "idle": 5}
    granted: Counter[str] = Counter()
    taken: list[str] = []

    def may_take(endpoint: str, hub: str) -> bool:
        granted[endpoint] += 1
        return granted[endpoint] <= left[endpoint]

    more = True
    while more:
        full = [endpoint for endpoint, room in left.items() if room == 0]
        granted.clear()
        batch = await take_due(quiet, may_take, full, timedelta(minutes=1))
        for row in batch.rows:
            left[row["endpoint_id"]] -= 1
            taken.append(row["_id"])
        more = batch.more
    assert sorted(taken) == ["busy-000", "busy-001", "busy-002", "busy-003", "busy-004", "idle-000"]


async def test_two_sweeps_never_take_the_same_delivery(quiet: Database) -> None:
    await quiet["deliveries"].insert_many(
        [
            {
                "_id": f"dlv-{number}",
                "endpoint_id": "whe",
                "hub_id": "hub",
                "status": "pending",
                "next_attempt_at": datetime.now(UTC) - timedelta(minutes=1),
                "lease": {"token": "", "until": None},
            }
            for number in range(200)
        ]
    )
    both = await asyncio.gather(
        *(take_due(quiet, lambda endpoint, hub: True, [], timedelta(seconds=30)) for _ in range(2))
    )
    taken = [row["_id"] for batch in both for row in batch.rows]
    assert len(taken) == len(set(taken)) == 200


async def test_old_deliveries_are_forgotten_unless_they_are_still_owed(quiet: Database) -> None:
    made = encode(int((datetime.now(UTC) - timedelta(days=91)).timestamp() * 1000) << 80)
    recent = encode(int((datetime.now(UTC) - timedelta(days=89)).timestamp() * 1000) << 80)
    for name, status in ((f"dlv_{made}", "succeeded"), (f"dlv_{made[:-1]}1", "pending"), (f"dlv_{recent}", "failed")):
        await quiet["deliveries"].insert_one({"_id": name, "status": status})

    assert await store.forget(quiet, datetime.now(UTC) - store.KEPT) == 1

    left = {row["status"] async for row in quiet["deliveries"].find({})}
    assert left == {"pending", "failed"}
