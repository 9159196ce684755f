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
from gateway.graph.shapes import VERSION, Node, Place, PlaceInput, about, graph_input, graph_type, update_like
from shared.contracts.events.events import (
    CancelEvent,
    EventChanges,
    EventKind,
    EventOrder,
    EventStatus,
    EventView,
    EventVisibility,
    NewEvent,
)
from shared.enums import Theme
from shared.errors import Invalid, NotFound

EVENT = Kind("Event", EventView, "events", "events", is_long=True)
_HUBS_EVENTS = (
    "Events of this hub and all hubs below it, by start time. Without the filter `from`, past events are included."
)
_GROUPS_EVENTS = "Events of this group, by start time. Without the filter `from`, past events are included."


@graph_type(EventView)
class Event(Node):
    """A gathering people attend."""

    title: str = about("What it is called, in one line.")
    summary: str | None = about("What it is about, for a list, as plain text; null when nobody wrote one.")
    description: str | None = about("All about it, for its own page, as Markdown; null when nobody wrote it.")
    kind: EventKind = about("What sort of gathering it is.")
    status: EventStatus = about("Whether it is still a draft, will take place, was cancelled or has taken place.")
    visibility: EventVisibility = about("Who sees it once it is published.")
    starts_at: datetime = about("When it begins. Nobody can register after that.")
    ends_at: datetime = about("When it ends. A published event is completed soon after.")
    time_zone: str = about("The time zone it takes place in, by its IANA name.")
    place: Place | None = about("Where people meet; null for one that is only online.")
    online_url: str | None = about(
        "The link to join. Null when there is none, and for all but those with a seat, its organisers and stewards."
    )
    access_information: str | None = about(
        "Steps, loops, quiet rooms and the like, as Markdown; null when nobody wrote it."
    )
    capacity: int | None = about("How many seats there are; null means no limit.")
    confirmed_count: int = about("How many people have a seat.")
    waitlist_count: int = about("How many people wait for a seat.")
    themes: list[Theme] = about("Which of the eight themes it touches.")
    languages: list[str] = about("The languages spoken there, as BCP 47 tags such as `en`.")
    cancelled_reason: str | None = about("Why it was cancelled; null when it was not, or nobody said.")
    created_at: datetime = about("When the draft was made.")
    published_at: datetime | None = about("When it was first published; null when it never was.")
    viewer_can_register: bool = about(
        "Whether you can register now, for a seat or a place on the waitlist; false when you have one."
    )
    viewer_can_update: bool = about("Whether you can change it now (`updateEvent`).")
    version: int = about("Counts its edits, from 1. Registrations do not change it.")


@graph_input
class CreateEventInput:
    """A new event, which begins as a draft. Give the hub, or a group: then the hub is the group's."""

    title: str = about("What it is called: one line of at most 200 characters.")
    kind: EventKind = about("What sort of gathering it is.")
    hub_id: strawberry.ID | None = about("The hub that hosts it: the group's hub when left out.", name="hub")
    group_id: strawberry.ID | None = about("The group of the hub it is for; left out: for the whole hub.", name="group")
    starts_at: datetime = about("When it begins, in the future.")
    ends_at: datetime = about("When it ends: after it begins, and at most 30 days later.")
    time_zone: str = about("The time zone it takes place in, such as `Europe/London`.")
    summary: str | None = about("What it is about, for a list: plain text of at most 500 characters.")
    description: str | None = about("All about it, for its own page: Markdown of at most 20,000 characters.")
    place: PlaceInput | None = about("Where people meet; null for one that is only online.")
    online_url: str | None = about("The link to join, shown to those with a seat only.")
    access_information: str | None = about(
        "Steps, loops, quiet rooms and the like: Markdown of at most 2,000 characters."
    )
    capacity: int | None = about("How many seats there are, from 1 to 100,000; left out: no limit.")
    visibility: EventVisibility | None = about("Who sees it once it is published: `COMMUNITY` when left out.")
    themes: list[Theme] | None = about("Which of the eight themes it touches.")
    languages: list[str] | None = about("The languages spoken there, as BCP 47 tags such as `en`; at most 20.")
    organiser_ids: list[strawberry.ID] | None = about(
        "Who runs it: you when left out. At most 50 people.", name="organisers"
    )


@update_like(CreateEventInput)
class UpdateEventInput:
    """Change an event. Fields left out stay as they are; lists are replaced as a whole."""

    event_id: strawberry.ID = about(
        "The event to change: one you organise, or of a hub or group you look after.", name="event"
    )
    title: str | None
    kind: EventKind | None
    hub_id: strawberry.ID | None = about("The hub that hosts it, one you look after.", name="hub")
    group_id: strawberry.ID | None = about("The group of the hub it is for; null: for the whole hub.", name="group")
    starts_at: datetime | None
    ends_at: datetime | None
    time_zone: str | None
    summary: str | None
    description: str | None
    place: PlaceInput | None
    online_url: str | None
    access_information: str | None
    capacity: int | None = about(
        "How many seats, from 1 to 100,000; null: no limit. Raising it gives seats to those who wait, first come first "
        "served."
    )
    visibility: EventVisibility | None = about(
        "Who sees it once it is published. When fewer people may see it than before, those who no longer may lose "
        "their seats soon after; organisers and people whom an organiser registered keep theirs."
    )
    themes: list[Theme] | None
    languages: list[str] | None
    organiser_ids: list[strawberry.ID] | None = about(
        "Who runs it, at most 50 people: the list replaces the one before.", name="organisers"
    )
    version: int | None = about(VERSION)


@graph_input
class PublishEventInput:
    """Publish an event, so that others can see it and register."""

    event_id: strawberry.ID = about("The draft to publish.", name="event")


@graph_input
class CancelEventInput:
    """Cancel an event."""

    event_id: strawberry.ID = about("The event that will not take place.", name="event")
    reason: str | None = about("Why, for those who meant to come; at most 1,000 characters.")


@graph_input
class CompleteEventInput:
    """Mark an event as having taken place."""

    event_id: strawberry.ID = about("The event, which has begun.", name="event")


_organisers = must_exist(organiser_ids=PERSON)


async def _complete(context: Context, fields: Fields) -> None:
    await _find_hub(context, fields)
    await _organisers(context, fields)


async def _find_hub(context: Context, fields: Fields) -> None:
    """Set the hub of an event for a group to the group's hub, if the input names no hub."""
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
    markdown=(
        ("Event", "description"),
        ("Event", "access_information"),
    ),
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
        Edge(
            "Event", "group", "Group", key="group_id", about="The group it is for; null when it is for the whole hub."
        ),
        Edge("Event", "organisers", "Person", key="organiser_ids", many=True, about="Who runs it, and may change it."),
    ),
    queries=(
        Listing(
            name="events",
            kind=EVENT,
            about="Events you may see, by when they start unless you say otherwise; without `from`, past ones too.",
            filters=narrowed_by(
                Filter("hub", HUB, below=True, about="Of this hub and all hubs below it."),
                Filter("group", GROUP, about="Held for this group."),
                Filter("from", datetime, about="Starting at this moment or later."),
                Filter("to", datetime, about="Starting before this moment."),
                Filter("themes", list[Theme], param="theme", about="With any of these themes."),
                Filter("statuses", list[EventStatus], param="status", about="With any of these statuses."),
                Filter("kinds", list[EventKind], param="kind", about="Of any of these kinds."),
                Filter(
                    "visibilities",
                    list[EventVisibility],
                    param="visibility",
                    about="With any of these visibilities.",
                ),
                Filter(
                    "languages",
                    list[str],
                    param="language",
                    about="Held in any of these languages, at most 20: tags such as `cy`, just as the event has them.",
                ),
                order=EventOrder,
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
            about="Publish an event, so that others can see it and register.",
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
            about="Mark an event as having taken place. It must have begun.",
            service="events",
            method="POST",
            path="/events/{event_id:evt}/complete",
            input=CompleteEventInput,
            gives={"event": Event},
            answer=the("event"),
        ),
    ),
)
