"""What is under way when the service stops, and where webhooks may go at the moment they are sent."""

from datetime import UTC, datetime, timedelta

from shared.settings import Settings
from tests.support.notify import Notify, a_hub_key, running_notify, webhooks
from tests.support.receiver import Receiver, Reply
from tests.support.waiting import eventually


async def test_what_is_queued_when_the_service_stops_goes_out_at_once_after_it_starts(
    settings: Settings, receiver: Receiver
) -> None:
    hasty = settings.model_copy(update={"shutdown_seconds": 0.2})
    receiver.usually = Reply(stall=30)
    async with running_notify(hasty) as notify:
        hub = await notify.a_hub()
        await notify.an_endpoint(hub, receiver.url)
        told = [await notify.publish_event(hub) for _ in range(20)]
        deliveries = notify.service.database["deliveries"]

        async def all_made() -> bool:
            made: int = await deliveries.count_documents({"message_id": {"$in": told}})
            return made == len(told)

        await eventually(all_made)
        await eventually(lambda: receiver.received)
    begun = {one.headers["webhook-id"] for one in receiver.received}
    receiver.forget()

    async with running_notify(hasty) as notify:

        def the_rest_came() -> None:
            assert {one.headers["webhook-id"] for one in receiver.received} >= set(told) - begun

        await eventually(the_rest_came, within=5)
        # Those whose answer was being waited for are tried again when the lease of the process that went runs out.
        held = notify.service.database["deliveries"].find({"message_id": {"$in": list(begun)}})
        assert {row["status"] async for row in held} == {"pending"}


async def test_an_answer_that_comes_while_the_service_stops_is_recorded(settings: Settings, receiver: Receiver) -> None:
    receiver.usually = Reply(stall=0.5, body=b"late", status=200)
    async with running_notify(settings) as notify:
        hub = await notify.a_hub()
        await notify.an_endpoint(hub, receiver.url)
        message_id = await notify.publish_event(hub)
        await eventually(lambda: webhooks(receiver, message_id))
    async with running_notify(settings) as notify:
        [delivery] = await notify.deliveries(hub)
    assert delivery["status"] == "succeeded"
    assert [attempt["reply"] for attempt in delivery["attempts"]] == ["late"]


async def test_what_was_leased_by_a_clock_that_was_ahead_is_sent(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    endpoint = (await notify.an_endpoint(hub, receiver.url))["endpoint"]
    door = notify.by(a_hub_key(hub))
    assert (await door.patch(f"/endpoints/{endpoint['id']}", {"status": "paused"})).status == 200
    await notify.publish_event(hub)
    [delivery] = await eventually(lambda: notify.deliveries(hub))
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    await notify.service.database["deliveries"].update_one(
        {"_id": delivery["id"]}, {"$set": {"lease": {"token": "of one that is gone", "until": tomorrow}}}
    )

    assert (await door.patch(f"/endpoints/{endpoint['id']}", {"status": "enabled"})).status == 200

    await notify.settled(hub)


async def test_an_address_is_vetted_again_at_every_sending(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    made = await notify.an_endpoint(hub, receiver.url)
    # As if the name behind the address had changed after it was vetted.
    await notify.service.database["endpoints"].update_one(
        {"_id": made["endpoint"]["id"]}, {"$set": {"url": "http://169.254.169.254/latest/meta-data"}}
    )

    await notify.publish_event(hub)

    delivery = await notify.tried(hub, 1)
    [attempt] = delivery["attempts"]
    assert (attempt["status"], attempt["reply"]) == (None, None)
    assert attempt["error"] == "This host is not on the public internet."
    assert delivery["status"] == "pending"
