"""Freed seats go to the first in line, strictly in order, each with its audit line."""

from datetime import timedelta
from typing import Any

from services.events.events.commands import edit_event
from services.events.registrations.commands import cancel_registration
from services.events.registrations.commands import register as register_person
from shared import clock
from shared.contracts.events.events import EventChanges
from shared.mongo import Database
from tests.support.events import (
    a_person,
    a_published_event,
    a_steward,
    an_event,
    cancel,
    in_days,
    kept,
    register,
    told,
    topics,
)
from tests.support.serving import Client


async def a_line(events: Client, event_id: str, people: int) -> list[tuple[Any, dict[str, Any]]]:
    """So many people, registered one after the other, with their registrations."""
    return [(person := a_person(), await register(events, event_id, person)) for _ in range(people)]


async def statuses(events: Client, event_id: str) -> list[tuple[str, int | None]]:
    """Status and position of every registration, in the order they were made."""
    answer = await events.acting_as(a_steward()).get("/registrations", params={"event": event_id, "first": 100})
    return [(one["status"], one["position"]) for one in answer.body["nodes"]]


async def promotions(database: Database, event_id: str) -> list[str]:
    """Whose registrations were promoted, in order, as the audit lines say."""
    lines = database["promotions"].find({"event_id": event_id}).sort("_id", 1)
    return [line["registration_id"] async for line in lines]


async def test_a_freed_seat_goes_to_the_first_in_line(events: Client, database: Database) -> None:
    event = await an_event(events, capacity=1)
    (first, seat), (second, waits), _ = await a_line(events, event["id"], 3)
    await cancel(events, seat, first)
    assert await statuses(events, event["id"]) == [("cancelled", None), ("confirmed", None), ("waitlisted", 1)]
    document = await kept(database, event["id"])
    assert (document["confirmed_count"], document["waitlist_count"]) == (1, 1)
    cancelled, promoted = (await told(database, event["id"]))[-2:]
    assert topics([cancelled, promoted]) == ["registration_cancelled", "registration_promoted"]
    assert (promoted["data"]["registration_id"], promoted["data"]["version"]) == (waits["id"], 2)
    assert promoted["data"]["person_id"] == second.id
    [line] = [line async for line in database["promotions"].find({"event_id": event["id"]})]
    assert (line["registration_id"], line["person_id"], line["line"]) == (waits["id"], second.id, 2)
    mine = await events.acting_as(second).post("/registrations/by-ids", {"ids": [waits["id"]]})
    assert mine.body[0]["promoted_at"] is not None


async def test_leaving_the_line_frees_no_seat(events: Client, database: Database) -> None:
    event = await an_event(events, capacity=1)
    _, (second, waits), _ = await a_line(events, event["id"], 3)
    await cancel(events, waits, second)
    assert await statuses(events, event["id"]) == [("confirmed", None), ("cancelled", None), ("waitlisted", 1)]
    assert (await told(database, event["id"]))[-1]["data"]["freed_seat"] is False
    assert await promotions(database, event["id"]) == []


async def test_more_seats_promote_as_many_in_order(events: Client, database: Database) -> None:
    event = await an_event(events, capacity=1)
    line = await a_line(events, event["id"], 5)
    answer = await events.acting_as(a_steward()).patch(f"/events/{event['id']}", {"capacity": 3})
    assert (answer.body["confirmed_count"], answer.body["waitlist_count"]) == (3, 2)
    assert await promotions(database, event["id"]) == [registration["id"] for _, registration in line[1:3]]
    assert [status for status, _ in await statuses(events, event["id"])] == ["confirmed"] * 3 + ["waitlisted"] * 2
    assert topics(await told(database, event["id"]))[-3:] == ["event_changed"] + ["registration_promoted"] * 2


async def test_no_limit_promotes_everybody(events: Client, database: Database) -> None:
    event = await an_event(events, capacity=1)
    line = await a_line(events, event["id"], 4)
    answer = await events.acting_as(a_steward()).patch(f"/events/{event['id']}", {"capacity": None})
    assert (answer.body["confirmed_count"], answer.body["waitlist_count"]) == (4, 0)
    assert await promotions(database, event["id"]) == [registration["id"] for _, registration in line[1:]]


async def test_a_seat_that_was_given_is_not_taken_away(events: Client, database: Database) -> None:
    event = await an_event(events, capacity=3)
    await a_line(events, event["id"], 2)
    steward = events.acting_as(a_steward())
    assert (await steward.patch(f"/events/{event['id']}", {"capacity": 1})).problem() == (
        409,
        "capacity_below_confirmed",
        ["capacity"],
    )
    assert (await kept(database, event["id"]))["capacity"] == 3
    assert (await steward.patch(f"/events/{event['id']}", {"capacity": 2})).status == 200


async def test_nobody_is_promoted_at_an_event_that_has_started(database: Database) -> None:
    now = clock.now()
    event = await a_published_event(database, now=now, capacity=1)
    first, second = a_person(), a_person()
    seat = await register_person(database, first, event.id, now=now)
    await register_person(database, second, event.id, now=now)
    started = event.starts_at + timedelta(minutes=1)
    await cancel_registration(database, first, seat.id, now=started)
    assert await promotions(database, event.id) == []
    put_off = EventChanges(starts_at=in_days(20), ends_at=in_days(21))
    after = await edit_event(database, a_steward(), event.id, put_off, now=started)
    assert (after.confirmed_count, after.waitlist_count) == (1, 0)
