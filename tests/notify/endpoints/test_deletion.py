"""Deleting an endpoint: nothing more is sent there, and what was sent can still be read."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from services.notify.endpoints import store as endpoints
from shared.contracts.notify.endpoints import EndpointStatus
from shared.ids import new_id
from tests.support.notify import Notify, a_hub_key, an_operator, webhooks
from tests.support.receiver import Receiver, Reply
from tests.support.waiting import eventually

URL = "http://127.0.0.1:9/hook"


async def delete(notify: Notify, hub: str, endpoint_id: str) -> dict[str, Any]:
    answer = await notify.by(a_hub_key(hub)).delete(f"/endpoints/{endpoint_id}")
    assert answer.status == 200, answer.body
    gone: dict[str, Any] = answer.body
    return gone


async def an_endpoint(notify: Notify, hub: str, url: str) -> dict[str, Any]:
    made: dict[str, Any] = (await notify.an_endpoint(hub, url))["endpoint"]
    return made


async def test_a_deleted_endpoint_is_gone_with_its_secret_and_a_message_says_so(notify: Notify) -> None:
    hub = await notify.a_hub()
    made, client = await an_endpoint(notify, hub, URL), notify.by(a_hub_key(hub))

    assert await delete(notify, hub, made["id"]) == made

    assert (await client.get("/endpoints")).body["nodes"] == []
    assert (await client.post("/endpoints/by-ids", {"ids": [made["id"]]})).body == []
    nothing: tuple[int, str, list[str]] = (404, "not_found", [])
    assert (await client.delete(f"/endpoints/{made['id']}")).problem() == nothing
    assert (await client.patch(f"/endpoints/{made['id']}", {"status": "enabled"})).problem() == nothing
    assert (await client.post(f"/endpoints/{made['id']}/ping")).problem() == nothing
    assert await notify.service.database["endpoints"].find_one({"_id": made["id"]}) is None

    async def told() -> None:
        messages = [(one["topic"], one["envelope"]["data"]) for one in await notify.logged(hub)]
        assert messages == [("notify.endpoint_deleted", {"endpoint_id": made["id"], "hub_id": hub})]

    await eventually(told)


async def test_what_waits_is_cancelled_and_stays_readable_as_history(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    endpoint = await an_endpoint(notify, hub, receiver.url)
    message_id = await notify.publish_event(hub)
    await notify.settled(hub)
    receiver.then(Reply(status=500))
    await notify.publish_event(hub)
    await eventually(lambda: _tried(notify, hub))

    await delete(notify, hub, endpoint["id"])

    async def cancelled() -> None:
        assert [one["status"] for one in await notify.deliveries(hub)] == ["cancelled", "succeeded"]

    await eventually(cancelled)
    [_, succeeded] = await notify.deliveries(hub, endpoint=endpoint["id"])
    assert (succeeded["message_id"], succeeded["endpoint_id"]) == (message_id, endpoint["id"])
    assert [one["id"] for one in await notify.deliveries(hub, status="succeeded")] == [succeeded["id"]]
    by_ids = await notify.by(a_hub_key(hub)).post("/deliveries/by-ids", {"ids": [succeeded["id"]]})
    assert [one["id"] for one in by_ids.body] == [succeeded["id"]]
    assert message_id in [one["id"] for one in await notify.logged(hub)]
    stranger = notify.by(a_hub_key(await notify.a_hub()))
    assert (await stranger.get("/deliveries", params={"endpoint": endpoint["id"]})).body["nodes"] == []
    operator = await notify.by(an_operator()).get("/deliveries", params={"endpoint": endpoint["id"]})
    assert len(operator.body["nodes"]) == 2


async def _tried(notify: Notify, hub: str) -> bool:
    newest, *_ = await notify.deliveries(hub)
    return (newest["status"], len(newest["attempts"])) == ("pending", 1)


async def test_a_paused_endpoint_s_backlog_is_cancelled_and_nothing_new_is_sent(
    notify: Notify, receiver: Receiver
) -> None:
    hub = await notify.a_hub()
    endpoint = await an_endpoint(notify, hub, receiver.url)
    beside = await an_endpoint(notify, hub, f"{receiver.url}/beside")
    paused = {"status": EndpointStatus.PAUSED.value}
    assert (await notify.by(a_hub_key(hub)).patch(f"/endpoints/{endpoint['id']}", paused)).status == 200
    before = await notify.publish_event(hub)
    await eventually(lambda: _count(notify, endpoint["id"], {"pending": 1}))

    await delete(notify, hub, endpoint["id"])
    after = await notify.publish_event(hub)

    await eventually(lambda: _count(notify, endpoint["id"], {"cancelled": 1}))

    async def heard() -> None:
        assert len(webhooks(receiver, after)) == 1

    await eventually(heard)
    assert {one.path for one in (*webhooks(receiver, before), *webhooks(receiver, after))} == {"/beside"}
    await delete(notify, hub, beside["id"])


async def _count(notify: Notify, endpoint_id: str, wanted: dict[str, int]) -> bool:
    rows = notify.service.database["deliveries"].find({"endpoint_id": endpoint_id})
    found = [row["status"] async for row in rows]
    return {status: found.count(status) for status in set(found)} == wanted


async def test_a_delivery_made_while_its_endpoint_was_deleted_is_cancelled_when_it_is_due(notify: Notify) -> None:
    hub = await notify.a_hub()
    endpoint = await an_endpoint(notify, hub, URL)
    await delete(notify, hub, endpoint["id"])
    rows = notify.service.database["deliveries"]
    # As a message taken in by another process leaves it, whose transaction began before the deletion. The deletion
    # itself is so long ago that no sweep looks for what it left behind.
    long_ago = {"$set": {"deleted_at": datetime(2026, 1, 1, tzinfo=UTC)}}
    await notify.service.database["deleted_endpoints"].update_one({"_id": endpoint["id"]}, long_ago)
    late = {
        "_id": new_id("dlv"),
        "endpoint_id": endpoint["id"],
        "hub_id": hub,
        "message_id": new_id("msg"),
        "topic": "events.event_published",
        "status": "pending",
        "attempts": [],
        "tries": 0,
        "next_attempt_at": datetime.now(UTC),
        "replay_of": None,
        "created_at": datetime.now(UTC),
        "lease": {"token": "", "until": None},
        "version": 1,
        "body": b"{}",
    }
    await rows.insert_one(late)

    await eventually(lambda: _count(notify, endpoint["id"], {"cancelled": 1}))
    row = await rows.find_one({"_id": late["_id"]})
    assert row is not None
    assert row["attempts"] == []


async def test_nothing_is_replayed_to_a_deleted_endpoint(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    endpoint = await an_endpoint(notify, hub, receiver.url)
    await notify.publish_event(hub)
    delivery = await notify.settled(hub)
    await delete(notify, hub, endpoint["id"])

    answer = await notify.by(a_hub_key(hub)).post(f"/deliveries/{delivery['id']}/replay")

    assert answer.problem() == (409, "endpoint_deleted", [])
    stranger = notify.by(a_hub_key(await notify.a_hub()))
    assert (await stranger.post(f"/deliveries/{delivery['id']}/replay")).problem() == (404, "not_found", [])
    assert len(await notify.deliveries(hub)) == 1


async def test_only_who_looks_after_the_hub_deletes_and_a_repeat_is_answered_alike(notify: Notify) -> None:
    hub = await notify.a_hub()
    endpoint = await an_endpoint(notify, hub, URL)
    stranger = notify.by(a_hub_key(await notify.a_hub()))
    for endpoint_id in (endpoint["id"], new_id("whe"), "nonsense"):
        assert (await stranger.delete(f"/endpoints/{endpoint_id}")).problem() == (404, "not_found", [])
    assert await endpoints.ENDPOINTS.find(notify.service.database, endpoint["id"]) is not None

    client, headers = notify.by(a_hub_key(hub)), {"idempotency-key": new_id("req")}
    both = [await client.delete(f"/endpoints/{endpoint['id']}", headers=headers) for _ in range(2)]
    assert [answer.body for answer in both] == [endpoint, endpoint]


async def test_an_attempt_under_way_is_recorded_and_an_end_of_410_does_no_harm(
    notify: Notify, receiver: Receiver
) -> None:
    hub = await notify.a_hub()
    endpoint = await an_endpoint(notify, hub, receiver.url)
    receiver.then(Reply(status=410, stall=0.5))
    message_id = await notify.publish_event(hub)
    await eventually(lambda: webhooks(receiver, message_id))

    await delete(notify, hub, endpoint["id"])

    async def look() -> None:
        [delivery] = await notify.deliveries(hub)
        assert delivery["status"] in {"failed", "cancelled"}
        assert [attempt["status"] for attempt in delivery["attempts"]] == [410]

    await eventually(look)


async def test_of_many_that_delete_at_once_one_does(notify: Notify) -> None:
    hub = await notify.a_hub()
    endpoint, client = await an_endpoint(notify, hub, URL), notify.by(a_hub_key(hub))

    answers = await asyncio.gather(*(client.delete(f"/endpoints/{endpoint['id']}") for _ in range(5)))

    assert sorted(answer.status for answer in answers) == [200, 404, 404, 404, 404]

    async def told_once() -> None:
        assert [m["topic"] for m in await notify.logged(hub)] == ["notify.endpoint_deleted"]

    await eventually(told_once)
