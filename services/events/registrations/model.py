"""A registration: a seat, or a place in the line for one. Pure: the time is always an argument."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.contracts.events.events import EventId
from shared.contracts.events.registrations import RegistrationId, RegistrationStatus
from shared.contracts.membership.people import PersonId
from shared.errors import Conflict, Invalid


class RegistrationClosed(Conflict):
    """The event is not one that people can register for now."""

    code = "registration_closed"
    message = "Registration is closed: the event is not published, has started, or was cancelled."


class PersonNeeded(Invalid):
    """Only people come to events."""

    code = "person_needed"
    message = "Say who is coming: give `person_id`."


class Registration(BaseModel):
    """A person's registration. `line`: its place among all registrations for the event, in the order they were made.

    `position` counts from 1 among those who wait. It is reckoned when reading, and not kept.
    """

    model_config = ConfigDict(frozen=True)

    id: RegistrationId
    event_id: EventId
    person_id: PersonId
    status: RegistrationStatus
    line: int
    position: int | None = None
    registered_at: datetime
    promoted_at: datetime | None = None
    cancelled_at: datetime | None = None
    version: int = 1

    @property
    def is_active(self) -> bool:
        """Whether it is a seat or a place in the line, and not cancelled."""
        return self.status is not RegistrationStatus.CANCELLED


def promote(registration: Registration, now: datetime) -> Registration:
    """The registration with a seat."""
    return _next(registration, status=RegistrationStatus.CONFIRMED, promoted_at=now)


def cancel(registration: Registration, now: datetime) -> Registration:
    """The registration given up."""
    return _next(registration, status=RegistrationStatus.CANCELLED, cancelled_at=now)


def _next(registration: Registration, **fields: object) -> Registration:
    return registration.model_copy(update={**fields, "version": registration.version + 1})
