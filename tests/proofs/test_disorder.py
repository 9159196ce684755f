"""Duplicates, disorder and malformed messages: each message takes effect once, and versions never go back."""

import random
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest

from services.events.groups.reactions import on_group_created
from shared.app import Service
from shared.context import current_cause
from shared.contracts.membership.groups import GroupCreated
from shared.ids import new_id
from shared.messaging import dead
from shared.messaging.envelope import Envelope, seal
from shared.messaging.reactions import Received, Subscriptions, on
from shared.mongo import Transaction
from shared.settings import Settings
from tests.support.service import StoneThrown, a_running, count_ripple, throw
from tests.support.waiting import eventually

GROUPS = [new_id("grp") for _ in range(5)]
HUBS = [new_id("hub") for _ in range(61)]
history: list[tuple[str, int]] = []


def a_group(number: int) -> GroupCreated:
    """The n-th message about groups: each version of a group names another hub."""
    version = number // 5 + 1
    return GroupCreated(group_id=GROUPS[number % 5], hub_id=HUBS[version], slug="g", version=version)


async def note_group(tx: Transaction, message: GroupCreated, envelope: Envelope) -> None:
    """Update the projection of groups as the events service does, and record each version that was stored."""
    await on_group_created(tx, message, envelope)
    stored = await tx.database["groups"].find_one({"_id": message.group_id})
    if stored["version"] == message.version:
        tx.after_commit.append(lambda: history.append((message.group_id, message.version)))


async def count_many(tx: Transaction, received: Sequence[Received]) -> None:
    for one in received:
        await count_ripple(tx, one.envelope.read(StoneThrown), one.envelope)


SINGLY = Subscriptions(reactions=(on(StoneThrown, count_ripple), on(GroupCreated, note_group)))
BATCHED = Subscriptions(reactions=(on(GroupCreated, note_group),), batched=(StoneThrown,), batch=count_many)


@pytest.fixture(params=["singly", "batched"])
async def pond(settings: Settings, request: pytest.FixtureRequest) -> AsyncIterator[Service]:
    subscriptions = SINGLY if request.param == "singly" else BATCHED
    async with a_running(f"disorder_{request.param}", settings, subscriptions) as service:
        yield service


def shuffled_thrice(messages: Sequence[tuple[str, str, bytes]], window: int = 50) -> list[tuple[str, str, bytes]]:
    """Every message three times, shuffled within windows of 50 different messages."""
    chance = random.Random(7)
    out: list[tuple[str, str, bytes]] = []
    for start in range(0, len(messages), window):
        part = [message for message in messages[start : start + window] for _ in range(3)]
        chance.shuffle(part)
        out.extend(part)
    return out


async def test_three_times_and_shuffled_each_takes_effect_once(pond: Service) -> None:
    history.clear()
    sent: list[tuple[str, str, bytes]] = []
    for number in range(300):
        for message in (StoneThrown(number=number), a_group(number)):
            identifier, body = seal(message, source="test", cause=current_cause(), subject="pond")
            sent.append((type(message).type_name(), identifier, body))
    for type_name, identifier, body in shuffled_thrice(sent):
        await pond.broker.publish(type_name, identifier, body)

    async def all_handled() -> bool:
        return pond.consumer.counters["handled"] + pond.consumer.counters["duplicate"] >= len(sent) * 3

    await eventually(all_handled, within=60)
    ripples = {row["_id"]: row["count"] async for row in pond.database["ripples"].find()}
    assert ripples == dict.fromkeys(range(300), 1)
    groups = [row async for row in pond.database["groups"].find().sort("_id", 1)]
    assert groups == [{"_id": group, "version": 60, "hub_id": HUBS[60]} for group in sorted(GROUPS)]
    for group in GROUPS:
        versions = [version for other, version in history if other == group]
        assert versions == sorted(versions)


async def test_poison_and_rubbish_do_not_stop_the_good(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    import shared.messaging.consumer as consumer

    monkeypatch.setattr(consumer, "RETRIES", (("1s", timedelta(seconds=1)),))
    poison = set(range(50, 1010, 100))
    mended = False

    async def fragile(tx: Transaction, message: StoneThrown, envelope: Envelope) -> None:
        if message.number in poison and not mended:
            raise ValueError("poison")
        await count_ripple(tx, message, envelope)

    async with a_running("poisoned", settings, Subscriptions(reactions=(on(StoneThrown, fragile),))) as service:
        for number in range(1010):
            identifier, body = seal(StoneThrown(number=number), source="test", cause=current_cause(), subject="pond")
            await service.broker.publish(StoneThrown.type_name(), identifier, body)
            if number % 101 == 0:
                await service.broker.publish(StoneThrown.type_name(), f"rubbish-{number}", b"{" * (number + 1))

        async def good_done() -> bool:
            return bool(await service.database["ripples"].count_documents({}) == 1010 - len(poison))

        await eventually(good_done, within=60)
        names = service.consumer.names

        async def all_parked() -> list[dead.Parked] | None:
            found = await dead.parked(settings.amqp_url, names)
            return found if len(found) == 20 else None

        found = await eventually(all_parked, within=30)
        assert sorted(one.reason for one in found) == ["malformed"] * 10 + ["tries_used_up"] * 10
        mended = True
        assert len(await dead.replay(settings.amqp_url, names, lambda one: True)) == 10
        assert await dead.replay(settings.amqp_url, names, lambda one: True) == []

        async def everything_once() -> bool:
            counts = [row["count"] async for row in service.database["ripples"].find()]
            return counts == [1] * 1010

        await eventually(everything_once, within=30)


async def test_throwing_under_way_is_not_disturbed_by_a_second_relay(settings: Settings) -> None:
    async with a_running("busy", settings, SINGLY) as one, a_running("busy", settings, SINGLY) as other:
        for number in range(100):
            await throw(one.database, number)
            if number % 10 == 0:
                await other.relay.sweep_once()

        async def all_once() -> bool:
            counts = [row["count"] async for row in one.database["ripples"].find()]
            return counts == [1] * 100

        await eventually(all_once)
