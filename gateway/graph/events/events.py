"""Events: gatherings people attend."""

from datetime import datetime

import strawberry

from gateway.context import Context
from gateway.graph.edges import Edge
from gateway.graph.existence import must_exist
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.membership.groups import GROUP
from gateway.graph.membership.hubs import HUB
from gateway.graph.membership.people import PERSON
from gateway.graph.mutation import Mutation, the
from gateway.graph.names import Fields
from gateway.graph.nodes import read_one
from gateway.graph.part import Part
from gateway.graph.shapes import VERSION, Node, Place, PlaceInput, about, graph_input, graph_type
from shared.contracts.events.events import (
    CancelEvent,
    EventChanges,
    EventKind,
    EventStatus,
    EventView,
    EventVisibility,
    NewEvent,
)
from shared.enums import Theme
from shared.errors import Invalid, NotFound

EVENT = Kind("Event", EventView, "events", "events", is_long=True)
_HUBS_EVENTS = "Events of this hub and all hubs below it, by when they start; without `from`, those that are over too."
_GROUPS_EVENTS = "Events of this group, by when they start; without `from`, those that are over too."


@graph_type(EventView)
class Event(Node):
    """A gathering people attend."""

    title: str
    summary: str | None
    description: str | None
    kind: EventKind
    status: EventStatus
    visibility: EventVisibility
    starts_at: datetime
    ends_at: datetime
    time_zone: str = about("The time zone it takes place in, by its IANA name.")
    place: Place | None
    online_url: str | None = about("Shown to those with a seat, the organisers and who looks after it.")
    access_information: str | None
    capacity: int | None = about("How many seats; null means no limit.")
    confirmed_count: int
    waitlist_count: int
    themes: list[Theme]
    languages: list[str]
    cancelled_reason: str | None
    created_at: datetime
    published_at: datetime | None
    viewer_can_register: bool = about("Whether `registerForEvent` would now give you a seat or place you do not have.")
    viewer_can_update: bool = about("Whether `updateEvent` would now take your changes.")
    version: int


@graph_input
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


@graph_input
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


@graph_input
class PublishEventInput:
    """Let an event be seen and registered for."""

    event_id: strawberry.ID = about("The event.", name="event")


@graph_input
class CancelEventInput:
    """Say that an event will not take place."""

    event_id: strawberry.ID = about("The event.", name="event")
    reason: str | None


@graph_input
class CompleteEventInput:
    """Say that an event has taken place."""

    event_id: strawberry.ID = about("The event.", name="event")


_organisers = must_exist(organiser_ids=PERSON)


async def _complete(context: Context, fields: Fields) -> None:
    await _find_hub(context, fields)
    await _organisers(context, fields)


async def _find_hub(context: Context, fields: Fields) -> None:
    """The hub of an event for a group is the group's, unless another is given."""
    if fields.get("hub_id") is not None:
        return
    group_id = fields.get("group_id")
    if group_id is None:
        raise Invalid(code="required", message="Give the hub that hosts it, or a group.", path=("hub_id",))
    group = await read_one(context, GROUP, group_id)
    if group is None:
        raise NotFound(path=("group_id",))
    fields["hub_id"] = group["hub_id"]


PART = Part(
    kinds=(EVENT,),
    types=(Event,),
    edges=(
        Edge(
            "Hub",
            "events",
            "Event",
            by="hub",
            below=True,
            about=_HUBS_EVENTS,
        ),
        Edge(
            "Group",
            "events",
            "Event",
            by="group",
            about=_GROUPS_EVENTS,
        ),
        Edge("Event", "hub", "Hub", key="hub_id", about="The hub that hosts it."),
        Edge("Event", "group", "Group", key="group_id"),
        Edge("Event", "organisers", "Person", key="organiser_ids", many=True),
    ),
    queries=(
        Listing(
            name="events",
            kind=EVENT,
            about="Events you may see, by when they start; without `from`, those that are over too.",
            filters=narrowed_by(
                Filter("hub", HUB, below=True, about="Of this hub and all hubs below it."),
                Filter("group", GROUP, about="Of this group."),
                Filter("from", datetime, about="Starting at this moment or later."),
                Filter("to", datetime, about="Starting before this moment."),
                Filter("themes", list[Theme], param="theme", about="With any of these themes."),
                Filter("statuses", list[EventStatus], param="status", about="With any of these statuses."),
            ),
        ),
        Lookup("event", EVENT),
    ),
    mutations=(
        Mutation(
            name="createEvent",
            about="Make a draft of an event.",
            service="events",
            method="POST",
            path="/events",
            input=CreateEventInput,
            request=NewEvent,
            gives={"event": Event},
            answer=the("event"),
            before=_complete,
        ),
        Mutation(
            name="updateEvent",
            about="Change an event.",
            service="events",
            method="PATCH",
            path="/events/{event_id:evt}",
            input=UpdateEventInput,
            request=EventChanges,
            gives={"event": Event},
            answer=the("event"),
            before=_organisers,
        ),
        Mutation(
            name="publishEvent",
            about="Let an event be seen and registered for.",
            service="events",
            method="POST",
            path="/events/{event_id:evt}/publish",
            input=PublishEventInput,
            gives={"event": Event},
            answer=the("event"),
        ),
        Mutation(
            name="cancelEvent",
            about="Cancel an event. Registrations stay readable.",
            service="events",
            method="POST",
            path="/events/{event_id:evt}/cancel",
            input=CancelEventInput,
            request=CancelEvent,
            gives={"event": Event},
            answer=the("event"),
        ),
        Mutation(
            name="completeEvent",
            about="Say that an event has taken place, once it has begun.",
            service="events",
            method="POST",
            path="/events/{event_id:evt}/complete",
            input=CompleteEventInput,
            gives={"event": Event},
            answer=the("event"),
        ),
    ),
)
