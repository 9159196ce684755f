"""Problems with registering for an event, and people who left a hub or group lately."""

from datetime import datetime

from shared.contracts.membership.people import PersonId
from shared.errors import Conflict, Invalid
from shared.values import Stored


class Departure(Stored):
    """A person who left a group or hub. `version`: the `belonging_version` of the message that told of it."""

    person_id: PersonId
    place_id: str
    version: int
    noted_at: datetime


class RegistrationClosed(Conflict):
    """People cannot register for the event now."""

    code = "registration_closed"
    message = "Registration is closed: the event is not published, has started, or was cancelled."


class PersonNeeded(Invalid):
    """The caller is not a person and named nobody."""

    code = "person_needed"
    message = "Name the person who comes: give `person_id`."
