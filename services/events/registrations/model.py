"""What is wrong with registering for an event."""

from shared.errors import Conflict, Invalid


class RegistrationClosed(Conflict):
    """The event is not one that people can register for now."""

    code = "registration_closed"
    message = "Registration is closed: the event is not published, has started, or was cancelled."


class PersonNeeded(Invalid):
    """Only people come to events."""

    code = "person_needed"
    message = "Say who is coming: give `person_id`."
