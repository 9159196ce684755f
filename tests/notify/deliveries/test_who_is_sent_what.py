"""Which endpoints a message goes to: by hub, by topic, by reach, and by whether the endpoint takes any now."""

from typing import Any

import pytest

from services.notify.deliveries.lanes import NARROW
from shared.contracts.events.events import EventCreated
from shared.contracts.events.registrations import RegistrationConfirmed
from shared.contracts.learning.entries import Attribution, EntryAudience, EntryKind, EntryShared
from shared.contracts.membership.people import PersonAdded
from shared.ids import new_id
from shared.messaging.envelope import Message, seal
from tests.support.notify import Notify, a_hub_key, webhooks
from tests.support.receiver import Receiver, Reply
from tests.support.waiting import eventually


def a_registration(hub: str) -> RegistrationConfirmed:
    return RegistrationConfirmed(
        registration_id=new_id("reg"), event_id=new_id("evt"), hub_id=hub, person_id=new_id("per"), version=1
    )


def an_entry_for_a_group(hub: str) -> EntryShared:
    return EntryShared(
        entry_id=new_id("ent"),
        version=1,
        kind=EntryKind.MISTAKE,
        audience=EntryAudience.GROUP,
        attribution=Attribution.NAMED,
        hub_id=hub,
        group_id=new_id("grp"),
    )


async def test_a_hub_hears_of_the_hubs_below_it_and_of_no_others(notify: Notify, receiver: Receiver) -> None:
    nation = await notify.a_hub()
    region = await notify.a_hub(nation)
    town = await notify.a_hub(region, nation)
    sibling = await notify.a_hub(nation)
    for name, hub in {"nation": nation, "region": region, "town": town, "sibling": sibling}.items():
        await notify.an_endpoint(hub, f"{receiver.url}/{name}")

    of_region = await notify.publish_event(region)
    of_sibling = await notify.publish_event(sibling)

    await eventually(lambda: len(receiver.received) >= 4)
    assert {one.path for one in webhooks(receiver, of_region)} == {"/nation", "/region"}
    assert {one.path for one in webhooks(receiver, of_sibling)} == {"/nation", "/sibling"}


@pytest.mark.parametrize(
    ("topics", "heard"),
    [
        ([], {"events.event_published", "events.registration_confirmed"}),
        (["events.*"], {"events.event_published", "events.registration_confirmed"}),
        (["events.registration_confirmed"], {"events.registration_confirmed"}),
        (["learning.*", "membership.group_joined"], set()),
        (["learning.*", "events.event_published"], {"events.event_published"}),
    ],
)
async def test_an_endpoint_is_sent_the_topics_it_asked_for(
    notify: Notify, receiver: Receiver, topics: list[str], heard: set[str]
) -> None:
    hub = await notify.a_hub()
    await notify.an_endpoint(hub, receiver.url + "/picky", topics=topics)
    await notify.an_endpoint(hub, receiver.url + "/last", topics=["events.event_cancelled"])

    await notify.publish_event(hub)
    await notify.tell(a_registration(hub), hub=hub)

    async def logged() -> bool:
        return len(await notify.logged(hub)) == 2

    assert await eventually(logged)
    assert {each["topic"] for each in await notify.deliveries(hub)} == heard

    def sent() -> None:
        assert len(receiver.received) == len(heard)

    await eventually(sent)


@pytest.mark.parametrize(
    ("message", "about"),
    [
        (an_entry_for_a_group, {"reach": "internal"}),
        (lambda hub: PersonAdded(person_id=new_id("per"), version=1), {"hub": None}),
        (
            lambda hub: EventCreated(event_id=new_id("evt"), hub_id=hub, group_id=None, version=1),
            {"reach": "hub"},
        ),
    ],
    ids=["meant for a group", "of no hub", "not public"],
)
async def test_what_stays_inside_passes_through_no_door(
    notify: Notify, receiver: Receiver, message: Any, about: dict[str, Any]
) -> None:
    hub = await notify.a_hub()
    await notify.an_endpoint(hub, receiver.url)
    inside: Message = message(hub)
    about = {"hub": hub, **about}
    message_id = await tell_notify_alone(notify, inside, about)
    outside = await notify.publish_event(hub)

    await notify.settled(hub)

    assert await notify.service.database["inbox"].find_one({"_id": message_id}) is not None  # it did come
    assert [each["id"] for each in await notify.logged(hub)] == [outside]
    assert [each["message_id"] for each in await notify.deliveries(hub)] == [outside]
    assert await notify.service.database["messages"].find_one({"_id": message_id}) is None


async def tell_notify_alone(notify: Notify, message: Message, about: dict[str, Any]) -> str:
    """Put a message straight into notify's queue, as a stray binding would."""
    message_id, body = seal(message, source="tests", subject="subject", **about)
    queue = notify.service.consumer.names.queue
    await notify.broker.publish(message.type_name(), message_id, body, queue=queue)
    return message_id


async def test_a_paused_endpoints_messages_wait_until_it_is_resumed(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    endpoint = (await notify.an_endpoint(hub, receiver.url + "/paused"))["endpoint"]["id"]
    await notify.an_endpoint(hub, receiver.url + "/other", topics=["events.*"])
    client = notify.by(a_hub_key(hub))
    receiver.usually = Reply(status=500)
    before = await notify.publish_event(hub)

    async def both_tried() -> None:
        assert {len(each["attempts"]) for each in await notify.deliveries(hub)} == {1}

    await eventually(both_tried)
    receiver.usually = Reply()
    assert (await client.patch(f"/endpoints/{endpoint}", {"status": "paused"})).body["status"] == "paused"
    for delivery in await notify.deliveries(hub):
        await notify.bring_forward(delivery["id"])
    during = await notify.publish_event(hub)

    async def the_other_has_both() -> None:
        got = [one.headers["webhook-id"] for one in receiver.received if one.path == "/other"]
        assert got.count(before) == 2
        assert got.count(during) == 1

    await eventually(the_other_has_both)
    await notify.dispatcher.sweep_once()
    waiting = await notify.deliveries(hub, endpoint=endpoint)
    assert {(each["message_id"], each["status"]) for each in waiting} == {(before, "pending"), (during, "pending")}
    assert len([one for one in receiver.received if one.path == "/paused"]) == 1

    assert (await client.patch(f"/endpoints/{endpoint}", {"status": "enabled"})).status == 200

    async def all_sent() -> None:
        sent = await notify.deliveries(hub, endpoint=endpoint)
        assert {each["status"] for each in sent} == {"succeeded"}

    await eventually(all_sent)


async def test_pausing_holds_back_even_what_is_queued_already(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    endpoint = (await notify.an_endpoint(hub, receiver.url))["endpoint"]["id"]
    client = notify.by(a_hub_key(hub))
    receiver.usually = Reply(stall=2)
    for _ in range(NARROW + 10):
        await notify.publish_event(hub)

    async def the_rest_is_queued() -> None:
        assert len(receiver.received) == NARROW
        assert len(await notify.deliveries(hub, first=100)) == NARROW + 10

    await eventually(the_rest_is_queued)

    await client.patch(f"/endpoints/{endpoint}", {"status": "paused"})

    async def those_under_way_ended() -> None:
        stands = [each["status"] for each in await notify.deliveries(hub, first=100)]
        assert (stands.count("succeeded"), stands.count("pending")) == (NARROW, 10)

    await eventually(those_under_way_ended)
    await notify.dispatcher.sweep_once()
    assert len(receiver.received) == NARROW
    receiver.usually = Reply()
    await client.patch(f"/endpoints/{endpoint}", {"status": "enabled"})
    await eventually(lambda: len(receiver.received) == NARROW + 10)


async def test_disabling_an_endpoint_cancels_what_waits_for_it(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    endpoint = (await notify.an_endpoint(hub, receiver.url))["endpoint"]["id"]
    client = notify.by(a_hub_key(hub))
    receiver.usually = Reply(status=503, headers={"Retry-After": "3600"})
    await notify.publish_event(hub)
    delivery = await notify.tried(hub, 1)

    changed = await client.patch(f"/endpoints/{endpoint}", {"status": "disabled"})

    assert (changed.body["status"], changed.body["disabled_reason"]) == ("disabled", "stopped")
    await notify.settled(hub, "cancelled")
    refused: tuple[int, str, list[str]] = (409, "endpoint_disabled", [])
    assert (await client.post(f"/endpoints/{endpoint}/ping")).problem() == refused
    assert (await client.post(f"/deliveries/{delivery['id']}/replay")).problem() == refused
    missed = await notify.publish_event(hub)

    async def is_logged() -> bool:
        return missed in [each["id"] for each in await notify.logged(hub)]

    assert await eventually(is_logged)
    assert len(await notify.deliveries(hub)) == 1

    enabled = await client.patch(f"/endpoints/{endpoint}", {"status": "enabled"})
    assert (enabled.body["status"], enabled.body["disabled_reason"]) == ("enabled", None)
    receiver.usually = Reply()
    heard = await notify.publish_event(hub)
    await eventually(lambda: webhooks(receiver, heard))
