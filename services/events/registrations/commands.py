"""Registering, cancelling, and giving a freed seat to the first person who waits.

All changes to the registrations of one event begin by writing that event, so the database lets one through at a time:
counts and registrations always agree, and no seat is given twice.
"""

from datetime import datetime

from services.events.access import can_change, members_only_place, require_change, require_seen
from services.events.events import store as events
from services.events.events.model import Event
from services.events.events.rules import EventIsOver
from services.events.registrations import store as departures
from services.events.registrations.model import PersonNeeded, RegistrationClosed
from services.events.seats import model, store
from services.events.seats.messages import fields_of, record_of_registration
from services.events.seats.model import Registration
from services.events.seats.promotion import fill_free_seats
from shared.auth import Principal
from shared.commands import in_transaction
from shared.contracts.events.events import EventStatus
from shared.contracts.events.registrations import (
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationStatus,
    RegistrationWaitlisted,
)
from shared.errors import NotFound
from shared.ids import new_id
from shared.mongo import Database, Transaction


@in_transaction(lock="event_id")
async def register(
    tx: Transaction, principal: Principal, event_id: str, person_id: str | None = None, *, now: datetime
) -> Registration:
    """Give a person a seat or, when none is free, a place in the line. A person who is registered keeps that.

    `person_id`: the calling person when left out. Only who may change the event may name somebody else.

    Raises `NotFound`, `PersonNeeded`, `RegistrationClosed`.
    """
    comes = person_id or principal.person_id
    if comes is None:
        raise PersonNeeded(path=("person_id",))
    event = await events.hold_line(tx.database, event_id)
    if comes == principal.person_id:
        principal = await _as_membership_told(tx, principal, event, now)
    require_seen(principal, event)
    if comes != principal.person_id and not can_change(principal, event):
        raise NotFound(path=("person_id",))
    if not event.is_open(now):
        known = await store.find_active(tx.database, event_id, comes)
        if known is None or event.status is EventStatus.CANCELLED:  # nobody has a seat at a cancelled event
            raise RegistrationClosed
        return known
    registration = Registration(
        id=new_id("reg"),
        event_id=event.id,
        person_id=comes,
        status=model.status_for_newcomer(event),
        line=event.line,
        registered_at=now,
        belonging_version=(principal.belonging_version or None) if comes == principal.person_id else None,
        by_organiser=comes != principal.person_id,
    )
    known = await store.find_active_or_add(tx.database, registration)
    return known or await _count(tx, event, registration)


async def _as_membership_told(tx: Transaction, principal: Principal, event: Event, now: datetime) -> Principal:
    """The caller, without the event's group or hub when the person has left that and the credentials are older."""
    place_id = members_only_place(event)
    if place_id is None or principal.person_id is None:
        return principal
    left = await departures.hold_departure(tx.database, principal.person_id, place_id, now)
    return _without_place(principal, place_id) if 0 < principal.belonging_version < left else principal


def _without_place(principal: Principal, place_id: str) -> Principal:
    """The caller as if it did not belong to this group or hub."""
    return principal.model_copy(
        update={
            "hubs": principal.hubs - {place_id},
            "groups": {group: hub for group, hub in principal.groups.items() if group != place_id},
            "steward_of": principal.steward_of - {place_id},
            "convenes": principal.convenes - {place_id},
        }
    )


async def cancel_registration(
    database: Database, principal: Principal, registration_id: str, *, now: datetime
) -> Registration:
    """Give up a seat or a place in the line. A freed seat goes to the first in line at once.

    The person may do it, and who may change the event. Raises `NotFound`, `EventIsOver`. When it is cancelled already,
    nothing changes.
    """
    event_id = (await store.get(database, registration_id)).event_id
    return await _cancel_registration(database, principal, event_id, registration_id, now=now)


@in_transaction(lock="event_id")
async def _cancel_registration(
    tx: Transaction, principal: Principal, event_id: str, registration_id: str, *, now: datetime
) -> Registration:
    event = await events.hold_line(tx.database, event_id)
    before = await store.get(tx.database, registration_id)
    if before.person_id != principal.person_id:
        require_change(principal, event)
    if not before.is_active:
        return before
    if event.is_over:
        raise EventIsOver
    return await give_up(tx, event, before, now)


async def give_up(
    tx: Transaction, event: Event, before: Registration, now: datetime, promote_at_most: int | None = None
) -> Registration:
    """Cancel an active registration, and give a freed seat to the first in line. The caller holds the event's line."""
    event = await cancel_without_promotion(tx, event, before, now)
    event = await fill_free_seats(tx, event, now, promote_at_most)
    await events.save_counts(tx.database, event)
    return model.cancel(before, now)


async def cancel_without_promotion(tx: Transaction, event: Event, before: Registration, now: datetime) -> Event:
    """Cancel an active registration. Gives the event with new counts, which the caller saves.

    The caller holds the event's line, and gives the freed seat to the next.
    """
    cancelled = model.cancel(before, now)
    await store.save(tx.database, cancelled)
    freed = before.status is RegistrationStatus.CONFIRMED
    event = event.with_counts(confirmed=-1) if freed else event.with_counts(waiting=-1)
    record_of_registration(tx, event, RegistrationCancelled(**fields_of(event, cancelled), freed_seat=freed))
    return event


async def _count(tx: Transaction, event: Event, made: Registration) -> Registration:
    """Count a new registration and record its message. Gives it with its position, if it waits."""
    about = fields_of(event, made)
    if made.status is RegistrationStatus.CONFIRMED:
        await events.save_counts(tx.database, event.with_counts(confirmed=1))
        record_of_registration(tx, event, RegistrationConfirmed(**about))
        return made
    after = event.with_counts(waiting=1)
    await events.save_counts(tx.database, after)
    record_of_registration(tx, event, RegistrationWaitlisted(**about))
    return made.model_copy(update={"position": after.waitlist_count})
