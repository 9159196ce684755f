"""The one log: what goes in, once, in which order; and the polling door."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from services.notify.log.reactions import take_in
from shared.contracts.membership.hubs import HubCreated
from shared.ids import new_id
from shared.messaging.envelope import seal, unseal
from shared.messaging.reactions import Received
from shared.mongo import Transaction
from shared.settings import Settings
from tests.support.notify import Notify, a_hub_key, an_event_published, an_operator, running_notify, webhooks
from tests.support.receiver import Receiver
from tests.support.waiting import eventually


async def sequences(notify: Notify) -> list[int]:
    rows = notify.service.database["messages"].find({}, {"sequence": 1}).sort("sequence", 1)
    return [row["sequence"] async for row in rows]


def all_logged(notify: Notify, hub: str, count: int) -> Any:
    async def look() -> bool:
        found: int = await notify.service.database["messages"].count_documents({"hub_id": hub})
        return found == count

    return look


async def test_the_log_shows_the_very_document_that_travelled(notify: Notify) -> None:
    hub = await notify.a_hub()
    event = an_event_published(hub)
    message_id = await notify.tell(event, subject=event.event_id, hub=hub, touches=[event.event_id])

    [logged] = await eventually(lambda: notify.logged(hub))

    assert logged["id"] == message_id
    assert (logged["topic"], logged["type"]) == ("events.event_published", "events.event_published.v1")
    assert (logged["hub_id"], logged["subject"]) == (hub, event.event_id)
    assert datetime.fromisoformat(logged["time"]) <= datetime.now(UTC)
    assert logged["envelope"]["id"] == message_id
    assert logged["envelope"]["data"]["event_id"] == event.event_id
    assert (await notify.by(a_hub_key(hub)).post("/messages/by-ids", {"ids": [message_id, "x"]})).body == [logged]


async def test_a_message_that_comes_three_times_is_logged_and_sent_once(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    await notify.an_endpoint(hub, receiver.url)
    event = an_event_published(hub)
    message_id, body = seal(event, source="events", subject=event.event_id, hub=hub)

    for _ in range(3):
        await notify.tell_bytes(event.type_name(), message_id, body)
    after = await notify.publish_event(hub)

    await eventually(lambda: webhooks(receiver, after))
    assert [each["id"] for each in await notify.logged(hub)] == [message_id, after]
    assert len(webhooks(receiver, message_id)) == 1


async def test_two_replicas_share_the_work_and_leave_no_gap(notify: Notify, settings: Settings) -> None:
    hub = await notify.a_hub()
    async with running_notify(settings) as replica:
        told = await asyncio.gather(*(notify.publish_event(hub) for _ in range(300)))
        await eventually(all_logged(notify, hub, 301), within=30)
        assert replica.service.consumer.counters["handled"] > 0
    seen = await sequences(notify)
    assert seen == list(range(1, len(seen) + 1))
    logged = {row["_id"] async for row in notify.service.database["messages"].find({"hub_id": hub})}
    assert logged > set(told)


async def test_what_is_taken_in_but_not_committed_leaves_no_gap(notify: Notify) -> None:
    hub = await notify.a_hub()
    event = an_event_published(hub)
    _, body = seal(event, source="events", subject=event.event_id, hub=hub)

    async def fail_at_the_end(transaction: Transaction) -> None:
        await take_in(transaction, [Received(unseal(body), body)])
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        await notify.service.database.transaction(fail_at_the_end)
    await notify.publish_event(hub)
    await eventually(all_logged(notify, hub, 2))

    seen = await sequences(notify)
    assert seen == list(range(1, len(seen) + 1))


async def test_a_message_of_a_hub_not_heard_of_waits_for_it_and_holds_up_no_other(notify: Notify) -> None:
    known, unknown = await notify.a_hub(), new_id("hub")
    early = await notify.publish_event(unknown)
    others = [await notify.publish_event(known) for _ in range(5)]

    await eventually(all_logged(notify, known, 6))
    assert await notify.logged(unknown) == []
    hub = HubCreated(hub_id=unknown, slug="late", parent_id=None, ancestors=[], version=1)
    await notify.tell(hub, subject=unknown, hub=unknown)

    await eventually(all_logged(notify, unknown, 2), within=20)
    assert [each["id"] for each in await notify.logged(unknown)] == [early]
    assert [each["id"] for each in await notify.logged(known)] == others


async def test_an_older_word_about_a_hub_that_comes_late_changes_nothing(notify: Notify) -> None:
    hub, above = new_id("hub"), await notify.a_hub()
    for version, ancestors in ((2, [above]), (1, [])):
        told = HubCreated(hub_id=hub, slug="twice", parent_id=None, ancestors=ancestors, version=version)
        await notify.tell(told, subject=hub, hub=hub)
        await eventually(all_logged(notify, hub, 3 - version))
    assert (await notify.service.database["hubs"].find_one({"_id": hub}))["ancestors"] == [above]


async def test_the_log_is_polled_by_sequence_topic_and_page(notify: Notify) -> None:
    hub = await notify.a_hub()
    told = [await notify.publish_event(hub) for _ in range(4)]
    await eventually(all_logged(notify, hub, 5))
    client = notify.by(a_hub_key(hub))

    async def poll(**params: Any) -> tuple[list[str], Any]:
        answer = await client.get("/messages", params=params)
        assert answer.status == 200, answer.body
        return [node["id"] for node in answer.body["nodes"]], answer.body

    ids, body = await poll(topic="events.event_published", first=2)
    assert (ids, body["has_next"]) == (told[:2], True)
    ids, body = await poll(topic="events.event_published", first=2, after=body["cursors"][-1])
    assert (ids, body["has_next"]) == (told[2:], False)
    last_seen = body["nodes"][0]["sequence"]
    assert (await poll(after_sequence=last_seen))[0] == told[3:]
    assert (await poll(topic="events.*"))[0] == told
    assert (await poll(topic="learning.*"))[0] == []
    assert len((await poll(topic="membership.hub_created"))[0]) == 1


async def test_a_reader_of_the_log_sees_the_hubs_it_looks_after(notify: Notify) -> None:
    before = str((await sequences(notify) or [0])[-1])
    hub, below, other = await notify.a_hub(), await notify.a_hub(), await notify.a_hub()
    for each in (hub, below, other):
        await notify.publish_event(each)
        await eventually(all_logged(notify, each, 2))

    async def hubs_seen(principal: Any, *asked: str) -> set[str]:
        params = [("after_sequence", before), ("topic", "events.event_published"), *(("hub", each) for each in asked)]
        nodes = (await notify.by(principal).get("/messages", params=params)).body["nodes"]
        return {node["hub_id"] for node in nodes}

    assert await hubs_seen(a_hub_key(hub, below)) == {hub, below}
    assert await hubs_seen(a_hub_key(hub, below), below, other) == {below}
    assert await hubs_seen(a_hub_key(hub), other) == set()
    assert await hubs_seen(an_operator()) == {hub, below, other}
    assert await hubs_seen(an_operator(), other) == {other}
    foreign = (await notify.logged(other))[0]["id"]
    assert (await notify.by(a_hub_key(hub)).post("/messages/by-ids", {"ids": [foreign]})).body == []


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ({"after_sequence": "-1"}, ["after_sequence"]),
        ({"after_sequence": str(2**63)}, ["after_sequence"]),
        ({"after_sequence": "x"}, ["after_sequence"]),
        ({"topic": "events.nonsense"}, ["topic", 0]),
        ({"after": "WyJ4Il0"}, ["after"]),
        ({"first": "1000"}, ["first"]),
    ],
)
async def test_a_question_that_cannot_be_answered_is_named(
    notify: Notify, params: dict[str, str], path: list[str]
) -> None:
    answer = await notify.by(an_operator()).get("/messages", params=params)
    assert answer.status == 422
    assert answer.problem()[2] == path
