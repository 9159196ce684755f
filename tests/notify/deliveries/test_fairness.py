"""Hubs share places and memory fairly: what stalls for one never delays another's webhooks."""

import asyncio

import pytest

from services.notify.deliveries.lanes import HELD_FOR_LAGGARD, HELD_FOR_LAGGARDS, HELD_IN_ALL, Lanes
from services.notify.deliveries.model import Job
from services.notify.deliveries.shares import FairPlaces, Shares
from shared.settings import Settings
from tests.support.notify import running_notify
from tests.support.receiver import Receiver, Reply, a_receiver
from tests.support.waiting import eventually

STALLING = 300


def a_job(endpoint: str, hub: str) -> Job:
    return Job("dlv", endpoint, hub, "msg", b"{}", 0, "token", 0.0)


async def test_a_hub_whose_endpoints_all_stall_does_not_delay_another_hub(
    settings: Settings, receiver: Receiver
) -> None:
    roomy = settings.model_copy(update={"namespace": f"{settings.namespace}f", "webhook_endpoints_per_hub": STALLING})
    async with running_notify(roomy) as notify, a_receiver() as stalling:
        stalling.usually = Reply(stall=60)
        flooding, calm = await notify.a_hub(), await notify.a_hub()
        for number in range(STALLING):
            await notify.an_endpoint(flooding, f"{stalling.url}/{number}")
        await notify.an_endpoint(calm, receiver.url)
        for _ in range(6):
            await notify.publish_event(flooding)
        await eventually(lambda: len(stalling.received) >= 30)

        await notify.publish_event(calm)

        # Without fairness it waits behind 1,200 attempts, which give back 64 places in a second: 18 s.
        await eventually(lambda: receiver.received, within=6)


def test_a_hub_may_take_what_it_leaves_free() -> None:
    shares = Shares(90)
    shares.take("first", shares.left("first"))
    assert (shares.of["first"], shares.left("first")) == (45, 0)
    shares.take("second", shares.left("second"))
    assert shares.left("second") == 0
    assert shares.left("third") > 0
    shares.give_back("first", 45)
    assert shares.left("second") > 0


async def test_who_waits_is_served_hub_by_hub() -> None:
    places = FairPlaces(2)
    await places.acquire("flooding")
    order: list[str] = []

    async def come(hub: str) -> None:
        await places.acquire(hub)
        order.append(hub)
        places.release(hub)

    waiting = [asyncio.create_task(come("flooding")) for _ in range(5)]
    await eventually(lambda: places.waiting == 5)
    await places.acquire("busy")
    waiting.append(asyncio.create_task(come("calm")))
    await eventually(lambda: places.waiting == 6)
    places.release("busy")
    places.release("flooding")
    await asyncio.gather(*waiting)
    assert order.index("calm") <= 1
    assert (places.waiting, places.shares.used) == (0, 0)


@pytest.mark.parametrize("granted", [False, True])
async def test_a_place_is_not_lost_when_who_waits_for_it_is_cancelled(granted: bool) -> None:
    places = FairPlaces(1)
    await places.acquire("hub")
    waiting = asyncio.create_task(places.acquire("hub"))
    await eventually(lambda: places.waiting == 1)
    if granted:
        places.release("hub")
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    if not granted:
        places.release("hub")
    assert (places.waiting, places.shares.used) == (0, 0)


def test_a_hub_holds_half_of_the_memory_at_most_and_its_laggards_little() -> None:
    lanes = Lanes()
    claim = lanes.claim()
    granted = sum(claim(f"whe-{number % 1800}", "flooding") for number in range(2 * HELD_IN_ALL))
    assert granted == HELD_IN_ALL // 2
    for number in range(granted):
        lanes.push(a_job(f"whe-{number % 1800}", "flooding"))
    assert lanes.full_hubs() == ["flooding"]
    assert not lanes.claim()("whe-0", "flooding")
    assert lanes.claim()("whe", "calm")

    surplus = [job for lane in list(lanes) for job in lanes.change(lane, lane.takes_long)]

    assert len(surplus) == granted - HELD_FOR_LAGGARDS // 2
    assert lanes.held[False].used == 0
    assert lanes.held[True].of["flooding"] == HELD_FOR_LAGGARDS // 2
    assert set(lanes.full()) == {lane.endpoint_id for lane in lanes}
    slow = lanes.push(a_job("slow", "calm"))
    lanes.change(slow, slow.takes_long)
    claim = lanes.claim()
    assert sum(claim("slow", "calm") for _ in range(100)) == HELD_FOR_LAGGARD - 1
