"""A message on its way to a webhook: when all goes well, and when the receiver does not behave."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from shared.ids import new_id
from tests.support.notify import Notify, a_hub_key, webhooks
from tests.support.receiver import Receiver, Reply
from tests.support.waiting import eventually


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_a_public_message_reaches_its_hubs_endpoint_signed(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    made = await notify.an_endpoint(hub, receiver.url)

    message_id = await notify.publish_event(hub)

    [sent] = await eventually(lambda: webhooks(receiver, message_id))
    assert Webhook(made["secret"]).verify(sent.body, dict(sent.headers))["id"] == message_id
    assert sent.headers["content-type"] == "application/cloudevents+json"
    assert sent.headers["user-agent"].startswith("Mycelium")
    [logged] = await notify.logged(hub)
    assert sent.json() == logged["envelope"]


async def test_an_attempt_is_recorded_with_status_time_and_reply(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    await notify.an_endpoint(hub, receiver.url)
    receiver.usually = Reply(status=200, body=b"heard" * 10_000)

    message_id = await notify.publish_event(hub)

    delivery = await notify.settled(hub)
    assert delivery["message_id"] == message_id
    assert delivery["topic"] == "events.event_published"
    assert delivery["next_attempt_at"] is None
    [attempt] = delivery["attempts"]
    assert (attempt["number"], attempt["status"], attempt["error"]) == (1, 200, None)
    assert attempt["reply"] == ("heard" * 10_000)[: 16 * 1024]
    assert attempt["milliseconds"] >= 0
    assert at(attempt["at"]) >= at(delivery["created_at"])


async def test_a_failed_attempt_is_made_again_after_five_seconds(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    made = await notify.an_endpoint(hub, receiver.url)
    receiver.then(Reply(status=500, body=b"oh"))

    message_id = await notify.publish_event(hub)

    delivery = await notify.tried(hub, 1)
    [attempt] = delivery["attempts"]
    assert (delivery["status"], attempt["status"], attempt["reply"]) == ("pending", 500, "oh")
    wait = at(delivery["next_attempt_at"]) - at(attempt["at"])
    assert timedelta(seconds=5) <= wait <= timedelta(seconds=6)
    delivery = await notify.settled(hub)
    assert [each["status"] for each in delivery["attempts"]] == [500, 204]
    first, second = webhooks(receiver, message_id)
    assert first.body == second.body
    assert second.at - first.at >= timedelta(seconds=5)
    for sent in (first, second):
        Webhook(made["secret"]).verify(sent.body, dict(sent.headers))


@pytest.mark.parametrize(
    ("reply", "status", "reason"),
    [
        (Reply(reset=True), None, "The connection was closed before an answer came."),
        (Reply(status=302, headers={"Location": "/elsewhere"}), 302, None),
        (Reply(status=404), 404, None),
    ],
)
async def test_what_is_not_a_success_is_tried_again(
    notify: Notify, receiver: Receiver, reply: Reply, status: int | None, reason: str | None
) -> None:
    hub = await notify.a_hub()
    await notify.an_endpoint(hub, receiver.url)
    receiver.then(reply)

    await notify.publish_event(hub)

    delivery = await notify.tried(hub, 1)
    [attempt] = delivery["attempts"]
    assert (delivery["status"], attempt["status"], attempt["error"]) == ("pending", status, reason)
    assert {one.path for one in receiver.received} == {"/"}  # a redirect is not followed
    await notify.bring_forward(delivery["id"])
    await notify.settled(hub)


async def test_a_receiver_that_asks_for_time_is_given_it(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    await notify.an_endpoint(hub, receiver.url)
    receiver.then(Reply(status=429, headers={"Retry-After": "120"}))

    await notify.publish_event(hub)

    delivery = await notify.tried(hub, 1)
    wait = at(delivery["next_attempt_at"]) - at(delivery["attempts"][0]["at"])
    assert timedelta(seconds=120) <= wait <= timedelta(seconds=135)


async def test_after_the_last_attempt_a_delivery_has_failed(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    await notify.an_endpoint(hub, receiver.url)
    receiver.usually = Reply(status=503)
    await notify.publish_event(hub)
    delivery = await notify.tried(hub, 1)

    await notify.bring_forward(delivery["id"], tries=9)

    delivery = await notify.settled(hub, "failed")
    assert delivery["attempts"][-1]["number"] == 10
    assert delivery["next_attempt_at"] is None


async def test_gone_disables_the_endpoint_and_the_hub_is_told(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    endpoint = (await notify.an_endpoint(hub, receiver.url))["endpoint"]
    receiver.usually = Reply(status=500)
    waiting = await notify.publish_event(hub)
    await notify.tried(hub, 1)
    receiver.usually = Reply(status=410)

    gone = await notify.publish_event(hub)

    async def is_disabled() -> None:
        [seen] = (await notify.by(a_hub_key(hub)).post("/endpoints/by-ids", {"ids": [endpoint["id"]]})).body
        assert (seen["status"], seen["disabled_reason"]) == ("disabled", "gone")
        stands = {each["message_id"]: each["status"] for each in await notify.deliveries(hub)}
        assert stands == {gone: "failed", waiting: "cancelled"}
        told = [m for m in await notify.logged(hub) if m["topic"] == "notify.endpoint_disabled"]
        assert [m["envelope"]["data"] for m in told] == [
            {"endpoint_id": endpoint["id"], "hub_id": hub, "reason": "gone"}
        ]

    await eventually(is_disabled)


async def test_five_days_without_success_disable_the_endpoint(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    endpoint = (await notify.an_endpoint(hub, receiver.url))["endpoint"]
    receiver.usually = Reply(status=500)
    await notify.publish_event(hub)
    delivery = await notify.tried(hub, 1)
    endpoints = notify.service.database["endpoints"]

    async def is_failing() -> datetime | None:
        since: datetime | None = (await endpoints.find_one({"_id": endpoint["id"]}))["failing_since"]
        return since

    assert await eventually(is_failing) <= datetime.now(UTC)
    long_ago = datetime.now(UTC) - timedelta(days=5, minutes=1)
    await endpoints.update_one({"_id": endpoint["id"]}, {"$set": {"failing_since": long_ago}})
    notify.dispatcher.endpoint_changed(endpoint["id"])
    await notify.bring_forward(delivery["id"])

    async def is_disabled() -> None:
        [seen] = (await notify.by(a_hub_key(hub)).post("/endpoints/by-ids", {"ids": [endpoint["id"]]})).body
        assert (seen["status"], seen["disabled_reason"]) == ("disabled", "failing")

    await eventually(is_disabled)
    await notify.settled(hub, "cancelled")


async def test_a_success_wipes_the_failures_before_it(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    endpoint = (await notify.an_endpoint(hub, receiver.url))["endpoint"]
    receiver.then(Reply(status=500))
    await notify.publish_event(hub)
    delivery = await notify.tried(hub, 1)
    await notify.bring_forward(delivery["id"])
    await notify.settled(hub)

    async def is_well() -> bool:
        seen = await notify.service.database["endpoints"].find_one({"_id": endpoint["id"]})
        return seen is not None and seen["failing_since"] is None

    assert await eventually(is_well)


async def test_a_replay_is_a_new_delivery_with_the_same_id_and_bytes(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    await notify.an_endpoint(hub, receiver.url)
    message_id = await notify.publish_event(hub)
    first = await notify.settled(hub)

    answer = await notify.by(a_hub_key(hub)).post(f"/deliveries/{first['id']}/replay")

    assert answer.status == 201
    assert answer.body["id"] != first["id"]
    assert (answer.body["replay_of"], answer.body["message_id"]) == (first["id"], message_id)

    def sent_twice() -> None:
        assert len(webhooks(receiver, message_id)) == 2

    await eventually(sent_twice)
    one, other = webhooks(receiver, message_id)
    assert one.body == other.body


async def test_a_ping_reaches_its_endpoint_alone_and_no_log(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    made = await notify.an_endpoint(hub, receiver.url + "/pinged", topics=["learning.*"])
    await notify.an_endpoint(hub, receiver.url + "/other")

    answer = await notify.by(a_hub_key(hub)).post(f"/endpoints/{made['endpoint']['id']}/ping")

    assert answer.status == 201
    message_id = answer.body["message_id"]
    [sent] = await eventually(lambda: webhooks(receiver, message_id))
    assert sent.path == "/pinged"
    envelope = Webhook(made["secret"]).verify(sent.body, dict(sent.headers))
    assert envelope["type"] == "notify.webhook_pinged.v1"
    assert envelope["data"] == {"endpoint_id": made["endpoint"]["id"]}
    assert await notify.logged(hub) == []
    delivery = await notify.settled(hub)
    again = await notify.by(a_hub_key(hub)).post(f"/deliveries/{delivery['id']}/replay")
    assert again.body["message_id"] == message_id
    assert (await eventually(lambda: webhooks(receiver, message_id)[1:]))[0].body == sent.body


async def test_deliveries_are_paged_newest_first_and_filtered(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    one = (await notify.an_endpoint(hub, receiver.url + "/1"))["endpoint"]["id"]
    other = (await notify.an_endpoint(hub, receiver.url + "/2"))["endpoint"]["id"]
    messages = [await notify.publish_event(hub) for _ in range(3)]

    async def all_there() -> None:
        delivered = await notify.deliveries(hub, status="succeeded")
        assert len(delivered) == 6

    await eventually(all_there)
    client = notify.by(a_hub_key(hub))
    seen: list[str] = []
    after: dict[str, str] = {}
    for _ in range(3):
        answer = await client.get("/deliveries", params={"endpoint": one, "first": 1, **after})
        seen += [node["id"] for node in answer.body["nodes"]]
        after = {"after": answer.body["cursors"][-1]}
    assert not answer.body["has_next"]
    assert seen == sorted(seen, reverse=True)
    nodes = (await client.post("/deliveries/by-ids", {"ids": [*seen, "dlv_nonsense"]})).body
    assert {node["message_id"] for node in nodes} == set(messages)
    assert {node["endpoint_id"] for node in nodes} == {one}
    assert {node["endpoint_id"] for node in await notify.deliveries(hub, endpoint=other)} == {other}
    assert await notify.deliveries(hub, status="failed") == []
    assert (await client.get("/deliveries", params={"endpoint": other, **after})).problem()[1:] == (
        "bad_cursor",
        ["after"],
    )


async def test_deliveries_of_another_hub_are_not_there(notify: Notify, receiver: Receiver) -> None:
    hub, other = await notify.a_hub(), await notify.a_hub()
    endpoint = (await notify.an_endpoint(hub, receiver.url))["endpoint"]["id"]
    await notify.publish_event(hub)
    delivery = await notify.settled(hub)
    stranger = notify.by(a_hub_key(other))

    assert (await stranger.get("/deliveries")).body["nodes"] == []
    assert (await stranger.get("/deliveries", params={"endpoint": endpoint})).body["nodes"] == []
    assert (await stranger.post("/deliveries/by-ids", {"ids": [delivery["id"]]})).body == []
    refused = await stranger.post(f"/deliveries/{delivery['id']}/replay")
    missing = await stranger.post(f"/deliveries/{new_id('dlv')}/replay")
    assert refused.problem() == missing.problem() == (404, "not_found", [])
    assert (await stranger.post(f"/endpoints/{endpoint}/ping")).problem() == (404, "not_found", [])
