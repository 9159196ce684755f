"""Changing where and when people meet."""

from datetime import datetime

import strawberry

from gateway.context import Context
from gateway.graph.events.types import Event, Registration
from gateway.graph.kinds import GROUP, PERSON
from gateway.graph.mutation import Mutation, the
from gateway.graph.names import Fields
from gateway.graph.nodes import read_one
from gateway.graph.shapes import VERSION, PlaceInput, about, given
from gateway.graph.vouching import naming
from shared.contracts.events.events import EventKind, EventVisibility
from shared.enums import Theme
from shared.errors import Invalid, NotFound


@given
class CreateEventInput:
    """A new event, a draft at first. Give the hub, or a group whose hub it then is."""

    title: str
    kind: EventKind
    hub_id: strawberry.ID | None = about("The host.", name="hub")
    group_id: strawberry.ID | None = about("The group of the hub it is for.", name="group")
    starts_at: datetime
    ends_at: datetime
    time_zone: str = about("An IANA name, such as `Europe/London`.")
    summary: str | None
    description: str | None
    place: PlaceInput | None
    online_url: str | None
    access_information: str | None
    capacity: int | None = about("How many seats; none means no limit.")
    visibility: EventVisibility | None
    themes: list[Theme] | None
    languages: list[str] | None
    organiser_ids: list[strawberry.ID] | None = about("Who runs it: you, unless you say otherwise.", name="organisers")


@given
class UpdateEventInput:
    """Change an event. Fields left out stay as they are."""

    event_id: strawberry.ID = about("The event.", name="event")
    title: str | None
    kind: EventKind | None
    hub_id: strawberry.ID | None = about("The host.", name="hub")
    group_id: strawberry.ID | None = about("The group of the hub it is for.", name="group")
    starts_at: datetime | None
    ends_at: datetime | None
    time_zone: str | None
    summary: str | None
    description: str | None
    place: PlaceInput | None
    online_url: str | None
    access_information: str | None
    capacity: int | None = about("Raising it gives seats to who waits, first come first served.")
    visibility: EventVisibility | None
    themes: list[Theme] | None
    languages: list[str] | None
    organiser_ids: list[strawberry.ID] | None = about("Who runs it.", name="organisers")
    version: int | None = about(VERSION)


@given
class PublishEventInput:
    """Let an event be seen and registered for."""

    event_id: strawberry.ID = about("The event.", name="event")


@given
class CancelEventInput:
    """Say that an event will not take place."""

    event_id: strawberry.ID = about("The event.", name="event")
    reason: str | None


@given
class CompleteEventInput:
    """Say that an event has taken place."""

    event_id: strawberry.ID = about("The event.", name="event")


@given
class RegisterForEventInput:
    """Register for an event; who looks after it may register somebody else."""

    event_id: strawberry.ID = about("The event.", name="event")
    person_id: strawberry.ID | None = about("Somebody else than yourself.", name="person")


@given
class CancelRegistrationInput:
    """Give a seat, or a place on the waitlist, back."""

    registration_id: strawberry.ID = about("The registration.", name="registration")


_organisers = naming(organiser_ids=PERSON)


async def _complete(context: Context, fields: Fields) -> None:
    await _find_hub(context, fields)
    await _organisers(context, fields)


async def _find_hub(context: Context, fields: Fields) -> None:
    """The hub of an event for a group is the group's, unless another is given."""
    if fields.get("hub_id") is not None:
        return
    group_id = fields.get("group_id")
    if group_id is None:
        raise Invalid(code="missing", message="Give the hub that hosts it, or a group.", path=("hub_id",))
    group = await read_one(context, GROUP, group_id)
    if group is None:
        raise NotFound(path=("group_id",))
    fields["hub_id"] = group["hub_id"]


MUTATIONS = (
    Mutation(
        name="createEvent",
        about="Make a draft of an event.",
        service="events",
        method="POST",
        path="/events",
        input=CreateEventInput,
        gives={"event": Event},
        answer=the("event"),
        before=_complete,
    ),
    Mutation(
        name="updateEvent",
        about="Change an event.",
        service="events",
        method="PATCH",
        path="/events/{event_id}",
        input=UpdateEventInput,
        gives={"event": Event},
        answer=the("event"),
        before=_organisers,
    ),
    Mutation(
        name="publishEvent",
        about="Let an event be seen and registered for.",
        service="events",
        method="POST",
        path="/events/{event_id}/publish",
        input=PublishEventInput,
        gives={"event": Event},
        answer=the("event"),
    ),
    Mutation(
        name="cancelEvent",
        about="Cancel an event. Registrations stay readable.",
        service="events",
        method="POST",
        path="/events/{event_id}/cancel",
        input=CancelEventInput,
        gives={"event": Event},
        answer=the("event"),
    ),
    Mutation(
        name="completeEvent",
        about="Say that an event has taken place, once it has begun.",
        service="events",
        method="POST",
        path="/events/{event_id}/complete",
        input=CompleteEventInput,
        gives={"event": Event},
        answer=the("event"),
    ),
    Mutation(
        name="registerForEvent",
        about="Take a seat, or a place on the waitlist when all are taken.",
        service="events",
        method="POST",
        path="/events/{event_id}/registrations",
        input=RegisterForEventInput,
        gives={"registration": Registration},
        answer=the("registration"),
        before=naming(person_id=PERSON),
    ),
    Mutation(
        name="cancelRegistration",
        about="Give a seat back; the first who waits gets it.",
        service="events",
        method="POST",
        path="/registrations/{registration_id}/cancel",
        input=CancelRegistrationInput,
        gives={"registration": Registration},
        answer=the("registration"),
    ),
)
