"""An event from draft to published to cancelled or completed, over HTTP."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.events.events.commands import complete_ended_events
from services.events.events.rules import LONGEST
from shared import clock
from shared.ids import new_id
from shared.mongo import Database
from tests.support.events import (
    GROUP,
    HUB,
    a_convener,
    a_draft,
    a_hub_key,
    a_person,
    a_published_event,
    a_steward,
    an_event,
    an_operator,
    event_body,
    in_days,
    kept,
    register,
    seen_event,
    told,
    topics,
)
from tests.support.serving import Client


async def test_a_new_event_is_a_draft_organised_by_the_person_who_made_it(events: Client) -> None:
    steward = a_steward()
    body = event_body(
        summary="  Half a day together.  ",
        description=" ",
        place={"name": "Newcastle", "latitude": 54.978, "longitude": -1.614},
        capacity=20,
        themes=["trust", "co_production", "trust"],
        languages=["en", "cy"],
        access_information="Step-free.",
    )
    answer = await events.acting_as(steward).post("/events", body)
    assert answer.status == 201
    event = answer.body
    same = ("title", "kind", "hub_id", "time_zone", "capacity", "place", "languages", "access_information")
    assert {name: event[name] for name in same} == {name: body[name] for name in same}
    assert datetime.fromisoformat(event["starts_at"]) == datetime.fromisoformat(body["starts_at"])
    assert (event["status"], event["visibility"], event["version"]) == ("draft", "community", 1)
    assert event["organiser_ids"] == [steward.id]
    assert (event["summary"], event["description"]) == ("Half a day together.", None)
    assert event["themes"] == ["trust", "co_production"]
    assert (event["confirmed_count"], event["waitlist_count"], event["published_at"]) == (0, 0, None)


async def test_a_hub_key_makes_an_event_that_has_no_organiser_unless_it_names_some(events: Client) -> None:
    key, person = events.acting_as(a_hub_key()), a_person()
    assert (await key.post("/events", event_body())).body["organiser_ids"] == []
    named = await key.post("/events", event_body(organiser_ids=[person.id, person.id]))
    assert named.body["organiser_ids"] == [person.id]


async def test_a_draft_is_seen_by_who_made_it_and_nobody_else(events: Client) -> None:
    draft = await a_draft(events)
    assert await seen_event(events, draft["id"], a_steward()) is not None
    assert await seen_event(events, draft["id"], a_person()) is None


async def test_a_published_event_is_seen(events: Client) -> None:
    event = await an_event(events)
    seen = await seen_event(events, event["id"], a_person())
    assert seen is not None
    assert (seen["status"], seen["version"]) == ("published", 2)
    assert seen["published_at"] is not None


async def test_publishing_twice_changes_and_tells_nothing_more(events: Client, database: Database) -> None:
    event = await an_event(events)
    again = await events.acting_as(a_steward()).post(f"/events/{event['id']}/publish")
    assert again.body == event
    assert topics(await told(database, event["id"])) == ["event_created", "event_published"]


async def test_what_has_begun_is_not_published(events: Client, database: Database) -> None:
    draft = await a_draft(events)
    await database["events"].update_one({"_id": draft["id"]}, {"$set": {"starts_at": in_days(-1)}})
    answer = await events.acting_as(a_steward()).post(f"/events/{draft['id']}/publish")
    assert answer.problem() == (422, "starts_in_the_past", ["starts_at"])
    assert (await kept(database, draft["id"]))["status"] == "draft"


async def test_an_edit_changes_only_what_was_sent(events: Client, database: Database) -> None:
    event = await an_event(events, summary="Before", capacity=5)
    answer = await events.acting_as(a_steward()).patch(f"/events/{event['id']}", {"title": "After", "summary": None})
    assert answer.status == 200
    assert answer.body == {**event, "title": "After", "summary": None, "version": 3}
    last = (await told(database, event["id"]))[-1]
    assert last["type"] == "events.event_changed.v1"
    assert (last["data"]["changed"], last["data"]["version"]) == (["summary", "title"], 3)


async def test_an_edit_that_changes_nothing_tells_nothing(events: Client, database: Database) -> None:
    event = await an_event(events, capacity=5)
    same = {"title": event["title"], "capacity": 5, "starts_at": event["starts_at"]}
    answer = await events.acting_as(a_steward()).patch(f"/events/{event['id']}", same)
    assert answer.body == event
    assert topics(await told(database, event["id"])) == ["event_created", "event_published"]


async def test_an_edit_of_a_version_that_is_no_longer_true_is_refused(events: Client) -> None:
    event = await an_event(events)
    steward = events.acting_as(a_steward())
    first = await steward.patch(f"/events/{event['id']}", {"title": "First", "version": event["version"]})
    second = await steward.patch(f"/events/{event['id']}", {"title": "Second", "version": event["version"]})
    assert first.status == 200
    assert second.problem() == (409, "changed_meanwhile", ["version"])


async def test_somebody_registering_does_not_refuse_an_edit(events: Client) -> None:
    event = await an_event(events)
    await register(events, event["id"])
    answer = await events.acting_as(a_steward()).patch(
        f"/events/{event['id']}", {"title": "Still mine", "version": event["version"]}
    )
    assert answer.status == 200
    assert answer.body["confirmed_count"] == 1


async def test_an_edit_keeps_the_rules_of_a_new_event(events: Client) -> None:
    event = await an_event(events)
    steward = events.acting_as(a_steward())
    path = f"/events/{event['id']}"
    assert (await steward.patch(path, {"starts_at": clock.iso(in_days(-1))})).problem() == (
        422,
        "starts_in_the_past",
        ["starts_at"],
    )
    assert (await steward.patch(path, {"starts_at": clock.iso(in_days(9))})).problem() == (
        422,
        "ends_before_it_starts",
        ["ends_at"],
    )
    later = in_days(7) + LONGEST + timedelta(hours=1)
    assert (await steward.patch(path, {"ends_at": clock.iso(later)})).problem() == (422, "event_too_long", ["ends_at"])
    assert (await steward.patch(path, {"visibility": "group"})).problem() == (422, "group_needed", ["visibility"])


async def test_an_event_that_runs_can_still_be_edited_but_for_its_start(events: Client, database: Database) -> None:
    event = await a_published_event(database, now=in_days(-7))
    answer = await events.acting_as(a_steward()).patch(f"/events/{event.id}", {"description": "Come in by the side."})
    assert answer.status == 200


async def test_an_organiser_may_edit_what_they_organise(events: Client) -> None:
    organiser = a_person()
    event = await an_event(events, organiser_ids=[organiser.id])
    path = f"/events/{event['id']}"
    assert (await events.acting_as(organiser).patch(path, {"title": "Ours"})).status == 200
    assert (await events.acting_as(a_person()).patch(path, {"title": "Theirs"})).status == 404


async def test_a_cancelled_event_stays_with_its_reason_and_registrations(events: Client, database: Database) -> None:
    event = await an_event(events)
    person = a_person()
    registration = await register(events, event["id"], person)
    answer = await events.acting_as(a_steward()).post(f"/events/{event['id']}/cancel", {"reason": " The hall burnt. "})
    assert (answer.status, answer.body["status"]) == (200, "cancelled")
    seen = await seen_event(events, event["id"], a_person())
    assert seen is not None
    assert seen["cancelled_reason"] == "The hall burnt."
    mine = await events.acting_as(person).get("/registrations", params={"person": person.id})
    assert mine.body["nodes"] == [{**registration, "viewer_can_cancel": False}]
    again = await events.acting_as(a_steward()).post(f"/events/{event['id']}/cancel", {"reason": "Another"})
    assert again.body == answer.body
    assert topics(await told(database, event["id"]))[-2:] == ["registration_confirmed", "event_cancelled"]


async def test_cancelling_needs_no_reason(events: Client) -> None:
    event = await an_event(events)
    answer = await events.acting_as(a_steward()).call("POST", f"/events/{event['id']}/cancel")
    assert (answer.status, answer.body["cancelled_reason"]) == (200, None)


async def test_a_draft_that_is_called_off_stays_unseen(events: Client, database: Database) -> None:
    draft = await a_draft(events)
    assert (await events.acting_as(a_steward()).post(f"/events/{draft['id']}/cancel")).status == 200
    assert await seen_event(events, draft["id"], a_person()) is None
    assert {message["reach"] for message in await told(database, draft["id"])} == {"internal"}


@pytest.mark.parametrize("step", ["publish", "complete", "edit"])
async def test_a_cancelled_event_changes_no_more(events: Client, step: str) -> None:
    event = await an_event(events)
    steward = events.acting_as(a_steward())
    await steward.post(f"/events/{event['id']}/cancel")
    path = f"/events/{event['id']}"
    answer = await (steward.patch(path, {"title": "x"}) if step == "edit" else steward.post(f"{path}/{step}"))
    assert (answer.status, answer.body["code"]) == (409, "event_is_over")


async def test_an_event_is_completed_once_it_has_started(events: Client, database: Database) -> None:
    event = await a_published_event(database, now=in_days(-7), organiser_ids=[(organiser := a_person()).id])
    await database["events"].update_one({"_id": event.id}, {"$set": {"ends_at": in_days(1)}})
    answer = await events.acting_as(a_steward()).post(f"/events/{event.id}/complete")
    assert (answer.status, answer.body["status"]) == (200, "completed")
    again = await events.acting_as(organiser).post(f"/events/{event.id}/complete")
    assert again.body == answer.body
    messages = await told(database, event.id)
    assert topics(messages) == ["event_created", "event_published", "event_completed"]
    data = messages[-1]["data"]
    assert (data["organiser_ids"], data["confirmed_count"]) == ([organiser.id], 0)
    assert data["ended_at"] < clock.iso(in_days(0.5))


async def test_an_event_that_has_not_started_is_not_completed(events: Client) -> None:
    event, draft = await an_event(events), await a_draft(events)
    steward = events.acting_as(a_steward())
    assert (await steward.post(f"/events/{event['id']}/complete")).body["code"] == "not_started"
    assert (await steward.post(f"/events/{draft['id']}/complete")).body["code"] == "not_published"


async def test_ended_events_are_completed_once_whoever_looks(database: Database) -> None:
    then = in_days(-30)
    ended = [await a_published_event(database, now=then) for _ in range(3)]
    coming = await a_published_event(database, now=clock.now())
    now = then + timedelta(days=7, hours=2)
    while await complete_ended_events(database, now=now):
        pass
    for event in ended:
        assert (await kept(database, event.id))["status"] == "completed"
        messages = await told(database, event.id)
        assert topics(messages) == ["event_created", "event_published", "event_completed"]
        assert messages[-1]["data"]["ended_at"] == messages[1]["data"]["ends_at"]
    assert (await kept(database, coming.id))["status"] == "published"


async def test_messages_name_hub_group_and_reach(events: Client, database: Database) -> None:
    convener = a_convener()
    draft = (await events.acting_as(convener).post("/events", event_body(group_id=GROUP))).body
    await events.acting_as(convener).post(f"/events/{draft['id']}/publish")
    created, published = await told(database, draft["id"])
    assert (created["reach"], published["reach"]) == ("internal", "hub")
    assert (published["hub"], published["subject"], published["actor"]) == (HUB, draft["id"], convener.id)
    assert set(published["touches"].split()) == {draft["id"], HUB, GROUP}
    assert published["data"]["visibility"] == "community"


async def test_what_is_for_a_group_alone_reaches_no_developer(events: Client, database: Database) -> None:
    event = await an_event(events, group_id=GROUP, visibility="group")
    await register(events, event["id"], a_convener())
    assert {message["reach"] for message in await told(database, event["id"])} == {"internal"}


async def test_hiding_an_event_is_told_to_who_had_heard_of_it(events: Client, database: Database) -> None:
    event = await an_event(events, group_id=GROUP)
    steward = events.acting_as(a_steward())
    await steward.patch(f"/events/{event['id']}", {"visibility": "group"})
    await steward.patch(f"/events/{event['id']}", {"title": "Among ourselves"})
    assert [message["reach"] for message in await told(database, event["id"])][-2:] == ["hub", "internal"]


async def test_an_event_that_moves_is_told_to_the_hub_it_leaves(events: Client, database: Database) -> None:
    event = await an_event(events)
    hub = await move(events, database, event["id"])
    left, came = await told_of_moving(database, event["id"], hub)
    assert (left["reach"], came["reach"]) == ("hub", "hub")
    assert left["data"] == came["data"]
    assert left["data"]["changed"] == ["hub_id"]


async def test_an_event_that_moves_out_of_sight_is_told_only_to_who_had_heard_of_it(
    events: Client, database: Database
) -> None:
    event = await an_event(events)
    hub = await move(events, database, event["id"], visibility="group", group_id=new_id("grp"))
    left, came = await told_of_moving(database, event["id"], hub)
    assert (left["reach"], came["reach"]) == ("hub", "internal")


async def test_a_draft_that_moves_is_told_to_nobody(events: Client, database: Database) -> None:
    draft = await a_draft(events)
    await move(events, database, draft["id"])
    assert [message["reach"] for message in await told(database, draft["id"])] == ["internal", "internal"]


async def move(events: Client, database: Database, event_id: str, **more: str) -> str:
    """Have an operator take an event to another hub; gives that hub's id."""
    hub = new_id("hub")
    await database["hubs"].insert_one({"_id": hub})
    if "group_id" in more:
        await database["groups"].insert_one({"_id": more["group_id"], "hub_id": hub})
    answer = await events.acting_as(an_operator()).patch(f"/events/{event_id}", {"hub_id": hub, **more})
    assert answer.status == 200, answer.body
    return hub


async def told_of_moving(database: Database, event_id: str, hub: str) -> list[dict[str, Any]]:
    """What the hub it left was told of it, and what the one it came to."""
    messages = {message["hub"]: message for message in (await told(database, event_id))[2:]}
    assert set(messages) == {HUB, hub}
    return [messages[HUB], messages[hub]]


async def test_two_edits_at_once_are_both_kept(events: Client, database: Database) -> None:
    event = await an_event(events)
    steward = events.acting_as(a_steward())
    await asyncio.gather(
        steward.patch(f"/events/{event['id']}", {"title": "New title"}),
        steward.patch(f"/events/{event['id']}", {"summary": "New summary"}),
    )
    document = await kept(database, event["id"])
    assert (document["title"], document["summary"], document["version"]) == ("New title", "New summary", 4)
