"""A registration: a seat, or a place in the line for one. Pure: the time is always an argument."""

from datetime import datetime
from typing import Protocol, Self

from pydantic import Field

from shared.contracts.events.events import EventId, EventVisibility, RegistrationId
from shared.contracts.events.registrations import RegistrationStatus
from shared.contracts.membership.people import PersonId
from shared.ids import new_id
from shared.values import Stored


class Addressed(Protocol):
    """The fields of an event that decide who receives messages about it."""

    @property
    def id(self) -> str:
        """The event's id."""

    @property
    def hub_id(self) -> str:
        """Its hub."""

    @property
    def group_id(self) -> str | None:
        """Its group, if it is for one."""

    @property
    def published_at(self) -> datetime | None:
        """When it was first published; `None` for a draft."""

    @property
    def visibility(self) -> EventVisibility:
        """Who may see it."""


class HasSeats(Addressed, Protocol):
    """What seats need to know of an event."""

    @property
    def waitlist_count(self) -> int:
        """How many people wait for a seat."""

    @property
    def has_room(self) -> bool:
        """Whether somebody can be given a seat."""

    @property
    def free_seats(self) -> int | None:
        """How many seats are free; `None` when there is no limit."""

    def is_open(self, now: datetime) -> bool:
        """Whether those who wait can still be given a seat."""

    def with_counts(self, *, confirmed: int = 0, waiting: int = 0) -> Self:
        """The event with `confirmed` more people who have a seat, and `waiting` more who wait."""


class Registration(Stored):
    """A person's registration. `line`: its place among all registrations for the event, in the order they were made.

    `position` counts from 1 among those who wait. It is worked out when reading, and not kept. `belonging_version`:
    where the person belonged when they registered, by membership's count; `None` when somebody else registered them.
    `by_organiser`: somebody who looks after the event registered them.
    """

    id: RegistrationId
    event_id: EventId
    person_id: PersonId
    status: RegistrationStatus
    line: int
    position: int | None = None
    registered_at: datetime
    promoted_at: datetime | None = None
    cancelled_at: datetime | None = None
    belonging_version: int | None = None
    by_organiser: bool = False
    version: int = 1

    @property
    def is_active(self) -> bool:
        """Whether it is a seat or a place in the line, and not cancelled."""
        return self.status is not RegistrationStatus.CANCELLED

    def was_made_before(self, left_at: datetime, belonging_version: int) -> bool:
        """Whether the person registered before they left, or with credentials from before they left.

        Compares membership's counts of changes when both are known: clocks and delays do not matter then. Else it
        compares the times.
        """
        if self.belonging_version and belonging_version:
            return self.belonging_version < belonging_version
        return self.registered_at <= left_at


def status_for_newcomer(event: HasSeats) -> RegistrationStatus:
    """A seat, when one is free and nobody waits. While free seats are still being given to those who wait, a newcomer
    waits too: nobody is overtaken."""
    gets_seat = event.has_room and event.waitlist_count == 0
    return RegistrationStatus.CONFIRMED if gets_seat else RegistrationStatus.WAITLISTED


def promotions_due(event: HasSeats, now: datetime, at_most: int) -> int:
    """How many of those who wait are given a seat in one step: none when the event is not open any more."""
    if not event.is_open(now):
        return 0
    free = event.waitlist_count if event.free_seats is None else event.free_seats
    return max(0, min(free, event.waitlist_count, at_most))


def promote(registration: Registration, now: datetime) -> Registration:
    """The registration with a seat."""
    return _next(registration, status=RegistrationStatus.CONFIRMED, promoted_at=now)


def cancel(registration: Registration, now: datetime) -> Registration:
    """The registration, cancelled."""
    return _next(registration, status=RegistrationStatus.CANCELLED, cancelled_at=now)


def _next(registration: Registration, **fields: object) -> Registration:
    return registration.model_copy(update={**fields, "version": registration.version + 1})


class Promotion(Stored):
    """Who was given a seat, from which place in the line, and when."""

    id: str = Field(default_factory=lambda: new_id("pro"))
    event_id: str
    registration_id: str
    person_id: str
    line: int
    at: datetime
