"""Ending the registrations of people who may no longer see an event: they left, or fewer people may see it now."""

from collections.abc import Collection
from datetime import datetime

from services.events.events import store as events
from services.events.events.model import Event
from services.events.registrations import store as departures
from services.events.registrations.commands import cancel_without_promotion, give_up
from services.events.seats import store
from services.events.seats.promotion import fill_free_seats
from shared.contracts.events.events import EventVisibility
from shared.contracts.membership.event_audiences import NonMembersFound
from shared.mongo import Transaction


async def cancel_at_group_events(
    tx: Transaction, person_id: str, group_id: str, *, left_at: datetime, version: int, now: datetime
) -> None:
    """Cancel the registrations that the person made before leaving the group, at its coming members-only events."""
    await departures.note_departure(tx.database, person_id, group_id, version, now)
    for event in await _coming(tx, person_id, now):
        if event.visibility is EventVisibility.GROUP and event.group_id == group_id:
            await _cancel(tx, event, person_id, left_at=left_at, version=version, now=now)


async def cancel_at_hub_events(
    tx: Transaction, person_id: str, hub_ids: Collection[str], *, left_at: datetime, version: int, now: datetime
) -> None:
    """Cancel the registrations that the person made before leaving, at coming events for these hubs alone."""
    for hub_id in hub_ids:
        await departures.note_departure(tx.database, person_id, hub_id, version, now)
    for event in await _coming(tx, person_id, now):
        if event.visibility is EventVisibility.HUB and event.hub_id in hub_ids:
            await _cancel(tx, event, person_id, left_at=left_at, version=version, now=now)


async def _coming(tx: Transaction, person_id: str, now: datetime) -> list[Event]:
    """The open events the person is registered for and does not organise. An organiser still sees the event."""
    event_ids = await store.active_event_ids(tx.database, person_id)
    found = await events.open_among(tx.database, event_ids, now)
    return [event for event in found if person_id not in event.organiser_ids]


async def _cancel(
    tx: Transaction, event: Event, person_id: str, *, left_at: datetime, version: int, now: datetime
) -> None:
    """Cancel the person's registration, unless an organiser made it, or it was made later: the person has come back."""
    held = await events.hold_line(tx.database, event.id)
    registration = await store.find_active(tx.database, event.id, person_id)
    if registration is None or registration.by_organiser:
        return
    if registration.was_made_before(left_at, version) and held.is_open(now):
        await give_up(tx, held, registration, now, promote_at_most=1)


async def cancel_non_members(tx: Transaction, answer: NonMembersFound, *, answered_at: datetime, now: datetime) -> None:
    """Cancel the registrations of these people, and give the freed seats to the first in line.

    Does nothing when the audience has changed since the question, or the event has started. A registration that was
    made after the answer stays: it was allowed by newer memberships.
    """
    event = await events.hold_line(tx.database, answer.event_id)
    asked = (answer.visibility, answer.hub_id, answer.group_id)
    if not event.is_open(now) or (event.visibility, event.hub_id, event.group_id) != asked:
        return
    people = [person_id for person_id in answer.person_ids if person_id not in event.organiser_ids]
    for registration in await store.active_of(tx.database, event.id, people):
        if not registration.by_organiser and registration.registered_at <= answered_at:
            event = await cancel_without_promotion(tx, event, registration, now)
    event = await fill_free_seats(tx, event, now)
    await events.save_counts(tx.database, event)
