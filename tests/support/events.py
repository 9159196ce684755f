"""Builders for tests of events: principals as the gateway would make them, and events."""

from datetime import datetime, timedelta
from typing import Any

import orjson

from services.events.events.commands import create_event, publish_event
from services.events.events.model import Event
from shared import clock
from shared.auth import PERSON_SCOPES, Principal
from shared.contracts.events.events import NewEvent
from shared.ids import new_id
from shared.mongo import Database
from tests.support.callers import an_operator as an_operator
from tests.support.serving import Client

HUB = new_id("hub")
GROUP = new_id("grp")


def a_person(**more: Any) -> Principal:
    """A person who belongs to the hub and has no role."""
    return Principal(**{"kind": "person", "id": new_id("per"), "scopes": PERSON_SCOPES, "hubs": {HUB}, **more})


def a_stranger(**more: Any) -> Principal:
    """A person of another hub."""
    return a_person(**{"hubs": frozenset({new_id("hub")}), **more})


def a_steward(**more: Any) -> Principal:
    """A steward of the hub."""
    return a_person(**{"steward_of": frozenset({HUB}), "scopes": PERSON_SCOPES | {"hub:admin"}, **more})


def a_convener(**more: Any) -> Principal:
    """A convener of the group, which belongs to the hub."""
    return a_person(**{"groups": {GROUP: HUB}, "convenes": frozenset({GROUP}), **more})


def a_hub_key(hub: str = HUB, **more: Any) -> Principal:
    """An API key of a hub."""
    about = {"kind": "client", "id": new_id("key"), "scopes": PERSON_SCOPES, "hubs": {hub}, "steward_of": {hub}}
    return Principal(**{**about, **more})


def in_days(days: float) -> datetime:
    """The time this many days from now; negative: in the past."""
    return clock.now() + timedelta(days=days)


def event_body(**more: Any) -> dict[str, Any]:
    """The request body for an event: a workshop of two hours, a week from now."""
    starts_at = in_days(7)
    return {
        "title": "What does a healthy system look like?",
        "kind": "workshop",
        "hub_id": HUB,
        "starts_at": clock.iso(starts_at),
        "ends_at": clock.iso(starts_at + timedelta(hours=2)),
        "time_zone": "Europe/London",
        **more,
    }


async def an_event(client: Client, **more: Any) -> dict[str, Any]:
    """Create and publish an event over HTTP as a steward; return its view."""
    draft = await a_draft(client, **more)
    answer = await client.acting_as(a_steward()).post(f"/events/{draft['id']}/publish")
    assert answer.status == 200, answer.body
    view: dict[str, Any] = answer.body
    return view


async def a_draft(client: Client, **more: Any) -> dict[str, Any]:
    """Create an unpublished event over HTTP as a steward; return its view."""
    answer = await client.acting_as(a_steward()).post("/events", event_body(**more))
    assert answer.status == 201, answer.body
    view: dict[str, Any] = answer.body
    return view


async def a_published_event(database: Database, *, now: datetime, **more: Any) -> Event:
    """Create and publish an event with the commands; by default it starts a week from `now` and lasts two hours."""
    starts_at = now + timedelta(days=7)
    body = event_body(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    steward = a_steward()
    draft = await create_event(database, steward, NewEvent(**{**body, **more}), now=now)
    return await publish_event(database, steward, draft.id, now=now)


async def register(client: Client, event_id: str, person: Principal | None = None, **more: Any) -> dict[str, Any]:
    """Register a person over HTTP; return the registration's view."""
    answer = await client.acting_as(person or a_person()).post(f"/events/{event_id}/registrations", **more)
    assert answer.status == 201, answer.body
    view: dict[str, Any] = answer.body
    return view


async def cancel(client: Client, registration: dict[str, Any], person: Principal) -> dict[str, Any]:
    """Cancel a registration over HTTP; return its view."""
    answer = await client.acting_as(person).post(f"/registrations/{registration['id']}/cancel")
    assert answer.status == 200, answer.body
    view: dict[str, Any] = answer.body
    return view


async def told(database: Database, event_id: str) -> list[dict[str, Any]]:
    """The messages recorded about an event, oldest first."""
    rows = [orjson.loads(row["body"]) async for row in database["outbox"].find({}).sort("_id", 1)]
    return [row for row in rows if row["data"].get("event_id") == event_id]


def topics(messages: list[dict[str, Any]]) -> list[str]:
    """The topics of messages without the service's name, such as `event_published`."""
    return [message["type"].split(".")[1] for message in messages]


async def kept(database: Database, event_id: str) -> dict[str, Any]:
    """The event's document in the database."""
    document: dict[str, Any] = await database["events"].find_one({"_id": event_id})
    return document


async def seen_event(client: Client, event_id: str, principal: Principal) -> dict[str, Any] | None:
    """The event's view for this principal over HTTP, or `None`."""
    answer = await client.acting_as(principal).post("/events/by-ids", {"ids": [event_id]})
    assert answer.status == 200, answer.body
    return answer.body[0] if answer.body else None
