"""Registrations over HTTP: register, cancel; a page of one's own or of an event's, or some by id."""

from typing import Annotated

from fastapi import Query

from services.events.access import can_change, require_change
from services.events.events import store as events
from services.events.registrations import commands
from services.events.registrations.views import shown, shown_all
from services.events.seats import store
from shared import clock
from shared.app import Caller, Db, Paging
from shared.contracts.events.events import EventId
from shared.contracts.events.registrations import (
    Register,
    RegistrationOrder,
    RegistrationStatus,
    RegistrationView,
)
from shared.contracts.membership.people import PersonId
from shared.contracts.view import ByIds
from shared.errors import Invalid, NotFound
from shared.paging import Page
from shared.routing import Routes

ROUTES = Routes("registrations")


@ROUTES.post("/events/{event_id}/registrations", needs="events:write", status=201)
async def register(caller: Caller, database: Db, event_id: str, body: Register | None = None) -> RegistrationView:
    """Give a person a seat or a place in the line: the caller, or somebody whom an organiser names."""
    person_id = body.person_id if body is not None else None
    registration = await commands.register(database, caller, event_id, person_id, now=clock.now())
    return await shown(database, caller, registration)


@ROUTES.post("/registrations/{registration_id}/cancel", needs="events:write")
async def cancel_registration(caller: Caller, database: Db, registration_id: str) -> RegistrationView:
    """Give up a seat or a place in the line."""
    registration = await commands.cancel_registration(database, caller, registration_id, now=clock.now())
    return await shown(database, caller, registration)


@ROUTES.get("/registrations", needs="events:read")
async def list_registrations(
    caller: Caller,
    database: Db,
    paging: Paging,
    event: EventId | None = None,
    person: PersonId | None = None,
    status: Annotated[list[RegistrationStatus], Query()] = [],  # noqa: B006 FastAPI copies it
    order: RegistrationOrder | None = None,
) -> Page[RegistrationView]:
    """An event's registrations, for callers who may change it; or the caller's own.

    Without `order`, an event's registrations come in the order they were made, and the caller's own newest first.
    """
    if event is None and person is None:
        raise Invalid(
            code="filter_needed",
            message="Give `event` or `person`: a list holds the registrations of one of them.",
            path=("event",),
        )
    if person is None or person != caller.person_id:
        if event is None:
            raise NotFound(path=("person",))
        require_change(caller, await events.get(database, event))
    page = await store.page(database, paging, event_id=event, person_id=person, statuses=status, order=order)
    views = await shown_all(database, caller, page.nodes)
    return Page[RegistrationView](**{**dict(page), "nodes": views})


@ROUTES.post("/registrations/by-ids", needs="events:read")
async def registrations_by_ids(caller: Caller, database: Db, body: ByIds) -> list[RegistrationView]:
    """Those of these registrations that are the caller's own, or for events it may change."""
    found = await store.by_ids(database, body.ids)
    others = sorted({one.event_id for one in found if one.person_id != caller.person_id})
    looked_after = {one.id for one in await events.by_ids(database, caller, others) if can_change(caller, one)}
    seen = [one for one in found if one.person_id == caller.person_id or one.event_id in looked_after]
    return await shown_all(database, caller, seen)
