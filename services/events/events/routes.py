"""Events over HTTP: create, change, publish, cancel, complete; one page of them, or some by id."""

from datetime import timedelta
from typing import Annotated

from fastapi import Query

from services.events.access import blaming, require_change, require_host, require_seen
from services.events.events import commands, store
from services.events.events.model import EventFilter
from services.events.events.views import shown, shown_all
from services.events.groups.commands import PATIENCE, expect_known
from shared import clock
from shared.app import Caller, Db, Paging
from shared.contracts.events.events import (
    CancelEvent,
    EventChanges,
    EventKind,
    EventOrder,
    EventStatus,
    EventView,
    EventVisibility,
    NewEvent,
)
from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.contracts.view import ByIds
from shared.enums import Theme
from shared.errors import Invalid
from shared.paging import Page
from shared.routing import Routes
from shared.values import Language, Moment

MOST_HUBS = 500
MOST_LANGUAGES = 20

ROUTES = Routes("events")


@ROUTES.post("/events", needs="events:write", status=201)
async def create_event(caller: Caller, database: Db, body: NewEvent) -> EventView:
    """Create a draft. Waits up to 2 s for the message about a new hub or group."""
    require_host(caller, body.hub_id, body.group_id)
    await expect_known(database, caller, body.hub_id, body.group_id)
    event = await commands.create_event(database, caller, body, now=clock.now())
    return await shown(database, caller, event, now=clock.now())


@ROUTES.get("/events", needs="events:read")
async def list_events(
    caller: Caller,
    database: Db,
    paging: Paging,
    hub: Annotated[list[HubId], Query(max_length=MOST_HUBS)] = [],  # noqa: B006 FastAPI copies it
    group: GroupId | None = None,
    since: Annotated[Moment | None, Query(alias="from")] = None,
    until: Annotated[Moment | None, Query(alias="to")] = None,
    theme: Annotated[list[Theme], Query()] = [],  # noqa: B006
    status: Annotated[list[EventStatus], Query()] = [],  # noqa: B006
    kind: Annotated[list[EventKind], Query()] = [],  # noqa: B006
    visibility: Annotated[list[EventVisibility], Query()] = [],  # noqa: B006
    language: Annotated[list[Language], Query(max_length=MOST_LANGUAGES)] = [],  # noqa: B006
    order: EventOrder = EventOrder.STARTS_FIRST,
) -> Page[EventView]:
    """Events starting in [from, to), of this group, and with any of the values of each other filter."""
    if since is not None and until is not None and until <= since:
        raise Invalid(code="empty_period", message="`to` comes after `from`.", path=("to",))
    asked = EventFilter(
        hubs=frozenset(hub),
        group=group,
        since=since,
        until=until,
        themes=frozenset(theme),
        statuses=frozenset(status),
        kinds=frozenset(kind),
        visibilities=frozenset(visibility),
        languages=frozenset(language),
    )
    page = await store.page(database, caller, asked, order, paging)
    views = await shown_all(database, caller, page.nodes, now=clock.now())
    return Page[EventView](**{**dict(page), "nodes": views})


@ROUTES.post("/events/by-ids", needs="events:read")
async def events_by_ids(caller: Caller, database: Db, body: ByIds) -> list[EventView]:
    """Those of these events that the caller may see."""
    found = await store.by_ids(database, caller, body.ids)
    return await shown_all(database, caller, found, now=clock.now())


@ROUTES.get("/events/{event_id}", needs="events:read")
async def get_event(caller: Caller, database: Db, event_id: str) -> EventView:
    """One event."""
    event = await store.get(database, event_id)
    require_seen(caller, event)
    return await shown(database, caller, event, now=clock.now())


@ROUTES.patch("/events/{event_id}", needs="events:write")
async def edit_event(caller: Caller, database: Db, event_id: str, body: EventChanges) -> EventView:
    """Change the fields that are sent. Waits up to 2 s for the message about a new hub or group."""
    if {"hub_id", "group_id"} & body.model_fields_set:
        await _expect_host_known(caller, database, event_id, body)
    event = await commands.edit_event(database, caller, event_id, body, now=clock.now())
    return await shown(database, caller, event, now=clock.now())


@ROUTES.post("/events/{event_id}/publish", needs="events:write")
async def publish_event(caller: Caller, database: Db, event_id: str) -> EventView:
    """Publish an event: its audience sees it and can register."""
    event = await commands.publish_event(database, caller, event_id, now=clock.now())
    return await shown(database, caller, event, now=clock.now())


@ROUTES.post("/events/{event_id}/cancel", needs="events:write")
async def cancel_event(caller: Caller, database: Db, event_id: str, body: CancelEvent | None = None) -> EventView:
    """Cancel an event."""
    reason = body.reason if body is not None else None
    event = await commands.cancel_event(database, caller, event_id, reason, now=clock.now())
    return await shown(database, caller, event, now=clock.now())


@ROUTES.post("/events/{event_id}/complete", needs="events:write")
async def complete_event(caller: Caller, database: Db, event_id: str) -> EventView:
    """Complete an event: it has taken place."""
    event = await commands.complete_event(database, caller, event_id, now=clock.now())
    return await shown(database, caller, event, now=clock.now())


async def _expect_host_known(caller: Caller, database: Db, event_id: str, body: EventChanges) -> None:
    """Check the hub and group that an event moves to. Raises `HubUnknown`, `GroupUnknown`, and `NotFound` when the
    caller may not move it there.

    With an `Idempotency-Key` the request already holds the event's lock, so this does not wait: others would wait too.
    """
    before = await store.get(database, event_id)
    require_change(caller, before)
    given = body.sent()
    hub_id, group_id = given.get("hub_id", before.hub_id), given.get("group_id", before.group_id)
    if (hub_id, group_id) != (before.hub_id, before.group_id):
        with blaming(given):
            require_host(caller, hub_id, group_id)
        patience = timedelta() if database.joined() else PATIENCE
        await expect_known(database, caller, hub_id, group_id, patience=patience)
