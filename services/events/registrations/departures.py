"""Ending the registrations of who left: a seat at what is for members only goes with the membership."""

from collections.abc import Collection
from datetime import datetime

from services.events.events import store as events
from services.events.events.model import Event
from services.events.registrations import store as departures
from services.events.registrations.commands import give_up
from services.events.seats import store
from shared.contracts.events.events import EventVisibility
from shared.mongo import Transaction


async def cancel_at_group_events(
    tx: Transaction, person_id: str, group_id: str, *, left_at: datetime, version: int, now: datetime
) -> None:
    """Cancel what the person had registered for, before leaving the group, among its coming members-only events."""
    await departures.note_departure(tx.database, person_id, group_id, version, now)
    for event in await _coming(tx, person_id, now):
        if event.visibility is EventVisibility.GROUP and event.group_id == group_id:
            await _cancel(tx, event, person_id, left_at=left_at, version=version, now=now)


async def cancel_at_hub_events(
    tx: Transaction, person_id: str, hub_ids: Collection[str], *, left_at: datetime, version: int, now: datetime
) -> None:
    """Cancel what the person had registered for, before leaving, among these hubs' coming events for the hub alone."""
    for hub_id in hub_ids:
        await departures.note_departure(tx.database, person_id, hub_id, version, now)
    for event in await _coming(tx, person_id, now):
        if event.visibility is EventVisibility.HUB and event.hub_id in hub_ids:
            await _cancel(tx, event, person_id, left_at=left_at, version=version, now=now)


async def _coming(tx: Transaction, person_id: str, now: datetime) -> list[Event]:
    """The open events the person is registered for and does not organise: who organises one still sees it."""
    event_ids = await store.active_event_ids(tx.database, person_id)
    found = await events.open_among(tx.database, event_ids, now)
    return [event for event in found if person_id not in event.organiser_ids]


async def _cancel(
    tx: Transaction, event: Event, person_id: str, *, left_at: datetime, version: int, now: datetime
) -> None:
    """Cancel the person's registration, unless it was made after they left: then they have come back since."""
    held = await events.hold_line(tx.database, event.id)
    registration = await store.find_active(tx.database, event.id, person_id)
    if registration is not None and registration.was_made_before(left_at, version) and held.is_open(now):
        await give_up(tx, held, registration, now, promote_at_most=1)
