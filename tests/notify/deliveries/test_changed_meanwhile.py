"""What was on its way while somebody changed the endpoint: late answers and old knowledge do not stop what is new."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notify.endpoints import store as endpoints
from shared.contracts.notify.endpoints import DisabledReason, EndpointStatus
from shared.mongo import Database
from tests.support.notify import Notify, a_hub_key, webhooks
from tests.support.receiver import Receiver, Reply
from tests.support.waiting import eventually


async def change(notify: Notify, hub: str, endpoint_id: str, **fields: Any) -> None:
    answer = await notify.by(a_hub_key(hub)).patch(f"/endpoints/{endpoint_id}", fields)
    assert answer.status == 200, answer.body


async def test_gone_from_an_address_that_was_changed_meanwhile_leaves_the_endpoint_and_is_tried_at_the_new_one(
    notify: Notify, receiver: Receiver
) -> None:
    hub = await notify.a_hub()
    endpoint = (await notify.an_endpoint(hub, f"{receiver.url}/old"))["endpoint"]
    receiver.then(Reply(status=410, stall=0.5))
    message_id = await notify.publish_event(hub)
    await eventually(lambda: webhooks(receiver, message_id))
    await change(notify, hub, endpoint["id"], url=f"{receiver.url}/new")

    delivery = await notify.tried(hub, 1)
    await notify.bring_forward(delivery["id"])

    delivery = await notify.settled(hub)
    assert [one.path for one in webhooks(receiver, message_id)] == ["/old", "/new"]
    assert [attempt["status"] for attempt in delivery["attempts"]] == [410, 204]
    kept = await endpoints.ENDPOINTS.find(notify.service.database, endpoint["id"])
    assert kept is not None
    assert kept.status is EndpointStatus.ENABLED


async def test_a_failure_that_comes_after_a_success_disables_nothing(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    endpoint = (await notify.an_endpoint(hub, receiver.url))["endpoint"]
    rows = notify.service.database["endpoints"]
    long_ago = datetime.now(UTC) - timedelta(days=5, minutes=1)
    await rows.update_one({"_id": endpoint["id"]}, {"$set": {"failing_since": long_ago}})
    receiver.then(Reply(status=500, stall=0.5))
    message_id = await notify.publish_event(hub)
    await eventually(lambda: webhooks(receiver, message_id))
    await endpoints.note_success(notify.service.database, endpoint["id"])

    await notify.tried(hub, 1)
    await notify.publish_event(hub)

    async def both_are_there() -> None:
        assert {one["status"] for one in await notify.deliveries(hub)} == {"pending", "succeeded"}

    await eventually(both_are_there)
    assert (await rows.find_one({"_id": endpoint["id"]}))["status"] == "enabled"


async def test_what_is_made_for_an_endpoint_enabled_during_a_sweep_is_not_cancelled(
    notify: Notify, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = await notify.a_hub()
    endpoint = (await notify.an_endpoint(hub, receiver.url))["endpoint"]
    await change(notify, hub, endpoint["id"], status="disabled")
    looked, go_on = asyncio.Event(), asyncio.Event()
    look = endpoints.not_enabled

    async def look_and_wait(database: Database, now: datetime) -> tuple[list[str], list[str]]:
        found = await look(database, now)
        if endpoint["id"] in found[1] and not looked.is_set():
            looked.set()
            await go_on.wait()
        return found

    monkeypatch.setattr(endpoints, "not_enabled", look_and_wait)
    monkeypatch.setattr(notify.dispatcher, "claim", lambda: lambda endpoint_id, hub_id: False)
    await looked.wait()
    await change(notify, hub, endpoint["id"], status="enabled")
    await notify.publish_event(hub)
    await eventually(lambda: notify.deliveries(hub))
    monkeypatch.undo()
    go_on.set()

    await notify.settled(hub)


async def test_what_is_remembered_of_an_endpoint_cancels_nothing(notify: Notify, receiver: Receiver) -> None:
    """Another process enabled it, and this one has not heard of it yet."""
    hub = await notify.a_hub()
    endpoint_id = (await notify.an_endpoint(hub, receiver.url))["endpoint"]["id"]
    kept = await endpoints.ENDPOINTS.find(notify.service.database, endpoint_id)
    assert kept is not None
    await change(notify, hub, endpoint_id, status="paused")
    message_id = await notify.publish_event(hub)
    await eventually(lambda: notify.deliveries(hub))
    await notify.service.database["endpoints"].update_one({"_id": endpoint_id}, {"$set": {"status": "enabled"}})
    notify.dispatcher._endpoints[endpoint_id] = (time.monotonic(), kept.disabled(DisabledReason.STOPPED))
    notify.dispatcher._wake.set()

    await notify.settled(hub)
    assert len(webhooks(receiver, message_id)) == 1
