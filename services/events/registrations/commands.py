"""Registering, cancelling, and giving freed seats to those who wait.

All changes to the registrations of one event begin by writing that event, so the database lets one through at a time:
counts and registrations always agree, and no seat is given twice.
"""

from datetime import datetime
from typing import Any

from services.events.access import can_change, require_change, require_seen
from services.events.gatherings import store as events
from services.events.gatherings.model import Event
from services.events.gatherings.rules import EventIsOver
from services.events.registrations import model, store
from services.events.registrations.model import PersonNeeded, Registration, RegistrationClosed
from services.events.telling import tell
from shared.auth import Principal
from shared.contracts.events.events import EventStatus
from shared.contracts.events.registrations import (
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationPromoted,
    RegistrationStatus,
    RegistrationWaitlisted,
)
from shared.errors import NotFound
from shared.ids import new_id
from shared.locks import locked
from shared.mongo import Database, Transaction


async def register(
    database: Database, principal: Principal, event_id: str, person_id: str | None = None, *, now: datetime
) -> Registration:
    """Give a person a seat or, when there is none, a place in the line. Registered already: that registration.

    `person_id`: the calling person when not said; somebody else only by who may change the event. Raises `NotFound`,
    `PersonNeeded`, `RegistrationClosed`.
    """
    comes = person_id or principal.person_id
    if comes is None:
        raise PersonNeeded(path=("person_id",))

    async def work(tx: Transaction) -> Registration:
        event = await events.hold_line(tx, event_id)
        require_seen(principal, event)
        if comes != principal.person_id and not can_change(principal, event):
            raise NotFound(path=("person_id",))
        if not event.is_open(now):
            known = await store.find_active(database, event_id, comes)
            if known is None or event.status is EventStatus.CANCELLED:  # a seat there is no seat any more
                raise RegistrationClosed
            return known
        status = RegistrationStatus.CONFIRMED if event.has_room else RegistrationStatus.WAITLISTED
        registration = _new(event, comes, status, now)
        known = await store.find_active_or_add(tx, registration)
        return known or await _count_and_tell(tx, event, registration)

    async with locked(database, event_id):
        return await database.transaction(work)


async def cancel_registration(
    database: Database, principal: Principal, registration_id: str, *, now: datetime
) -> Registration:
    """Give up a seat or a place in the line; a freed seat goes to the first in line at once.

    By the person, or who may change the event. Raises `NotFound`, `EventIsOver`. Cancelled already: as it is.
    """
    event_id = (await store.get(database, registration_id)).event_id

    async def work(tx: Transaction) -> Registration:
        event = await events.hold_line(tx, event_id)
        before = await store.get(database, registration_id)
        if before.person_id != principal.person_id:
            require_change(principal, event)
        if not before.is_active:
            return before
        if event.is_over:
            raise EventIsOver
        cancelled = model.cancel(before, now)
        await store.save(tx, cancelled)
        freed = before.status is RegistrationStatus.CONFIRMED
        counted = "confirmed_count" if freed else "waitlist_count"
        event = event.model_copy(update={counted: getattr(event, counted) - 1})
        _tell(tx, event, RegistrationCancelled(**_about(event, cancelled), freed_seat=freed))
        event = await fill_free_seats(tx, event, now)
        await events.save_counts(tx, event)
        return cancelled

    async with locked(database, event_id):
        return await database.transaction(work)


async def fill_free_seats(tx: Transaction, event: Event, now: datetime) -> Event:
    """Promote from the line, strictly in order, as many as there are free seats. Gives the event with new counts.

    The caller saves the event. Nobody is promoted at an event that is not open any more.
    """
    if not event.is_open(now) or event.waitlist_count == 0 or not event.has_room:
        return event
    waiting = await store.first_in_line(tx, event.id, event.free_seats)
    if not waiting:
        return event
    promoted = [model.promote(one, now) for one in waiting]
    await store.save_promoted(tx, promoted, now)
    for one in promoted:
        _tell(tx, event, RegistrationPromoted(**_about(event, one)))
    return event.model_copy(
        update={
            "confirmed_count": event.confirmed_count + len(promoted),
            "waitlist_count": event.waitlist_count - len(promoted),
        }
    )


async def _count_and_tell(tx: Transaction, event: Event, made: Registration) -> Registration:
    """The event counts a new registration, and the world hears of it. Gives it with its position, if it waits."""
    about = _about(event, made)
    if made.status is RegistrationStatus.CONFIRMED:
        await events.save_counts(tx, event.model_copy(update={"confirmed_count": event.confirmed_count + 1}))
        _tell(tx, event, RegistrationConfirmed(**about))
        return made
    waiting = event.waitlist_count + 1
    await events.save_counts(tx, event.model_copy(update={"waitlist_count": waiting}))
    _tell(tx, event, RegistrationWaitlisted(**about))
    return made.model_copy(update={"position": waiting})


def _new(event: Event, person_id: str, status: RegistrationStatus, now: datetime) -> Registration:
    return Registration(
        id=new_id("reg"), event_id=event.id, person_id=person_id, status=status, line=event.line, registered_at=now
    )


def _tell(tx: Transaction, event: Event, message: Any) -> None:
    tell(tx, event, message, message.person_id, subject=message.registration_id)


def _about(event: Event, registration: Registration) -> dict[str, Any]:
    return {
        "registration_id": registration.id,
        "event_id": event.id,
        "hub_id": event.hub_id,
        "person_id": registration.person_id,
        "version": registration.version,
    }
