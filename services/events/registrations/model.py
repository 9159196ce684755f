"""What is wrong with registering for an event, and who left a place lately."""

from datetime import datetime

from shared.contracts.membership.people import PersonId
from shared.errors import Conflict, Invalid
from shared.values import Stored


class Departure(Stored):
    """A person whose membership of a group or hub ended; `version`: with which change of where they belong."""

    person_id: PersonId
    place_id: str
    version: int
    noted_at: datetime


class RegistrationClosed(Conflict):
    """The event is not one that people can register for now."""

    code = "registration_closed"
    message = "Registration is closed: the event is not published, has started, or was cancelled."


class PersonNeeded(Invalid):
    """Only people come to events."""

    code = "person_needed"
    message = "Say who is coming: give `person_id`."
