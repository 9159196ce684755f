"""Events: gatherings people attend, from draft to published to cancelled or completed."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.contracts.membership.people import PersonId
from shared.contracts.view import View
from shared.enums import Described, Theme
from shared.ids import IdType
from shared.messaging.envelope import Message
from shared.values import (
    BLANK_IS_NONE,
    CLEAN_TEXT,
    EACH_ONCE,
    TIME_ZONE,
    UNCHANGED,
    URL,
    Changes,
    Input,
    Languages,
    Line,
    Moment,
    Place,
    Themes,
    TimeZone,
    WebAddress,
)

EventId = Annotated[str, IdType("evt")]
RegistrationId = Annotated[str, IdType("reg")]
MOST_SEATS = 100_000

Summary = Annotated[str, StringConstraints(max_length=500), CLEAN_TEXT]
Description = Annotated[str, StringConstraints(max_length=20_000), CLEAN_TEXT]
AccessInformation = Annotated[str, StringConstraints(max_length=2_000), CLEAN_TEXT]
Reason = Annotated[str, StringConstraints(max_length=1_000), CLEAN_TEXT]
Capacity = Annotated[int, Field(strict=True, ge=1, le=MOST_SEATS)]
Organisers = Annotated[list[PersonId], Field(max_length=50), EACH_ONCE]


class EventKind(Described):
    """What sort of gathering."""

    REGIONAL_CONVERSATION = "regional_conversation", "People of one region talk about what they see and need."
    NATIONAL_CONVERSATION = "national_conversation", "People of the whole country talk about it."
    WORKSHOP = "workshop", "People work on one question together."
    LAUNCH = "launch", "Something new is shown: a hub, a group, a report."
    TRAINING = "training", "People learn a practice from someone who has it."
    ONLINE = "online", "People meet by video alone."


class EventStatus(Described):
    """Draft → published → cancelled or completed."""

    DRAFT = "draft", "Only its organisers and stewards see it."
    PUBLISHED = "published", "It will take place, and people register until it begins."
    CANCELLED = "cancelled", "It will not take place; nothing changes any more."
    COMPLETED = "completed", "It has taken place; nothing changes any more."


class EventVisibility(Described):
    """Who may see a published event."""

    PUBLIC = "public", "Everyone signed in; meant for visitors of a hub's site too."
    COMMUNITY = "community", "Everyone signed in, of any hub."
    HUB = "hub", "The people and keys of its hub."
    GROUP = "group", "The members of its group."


class EventOrder(Described):
    """The orders of a list of events."""

    STARTS_FIRST = "starts_first", "By start: the earliest comes first."
    STARTS_LAST = "starts_last", "By start: the latest comes first."
    NEWEST = "newest", "By when its draft was made: the newest comes first."
    OLDEST = "oldest", "By when its draft was made: the oldest comes first."


class _AboutEvent(Message):
    event_id: EventId
    hub_id: HubId
    group_id: GroupId | None
    version: int


class EventCreated(_AboutEvent):
    """A draft was made. It is not public: only those who may change an event see its draft."""

    topic: ClassVar[str] = "events.event_created"
    public: ClassVar[bool] = False
    broadcast: ClassVar[bool] = True


class EventPublished(_AboutEvent):
    """An event can be seen and registered for."""

    topic: ClassVar[str] = "events.event_published"
    starts_at: datetime
    ends_at: datetime
    visibility: EventVisibility


class EventChanged(_AboutEvent):
    """A published event changed; `changed` names the fields."""

    topic: ClassVar[str] = "events.event_changed"
    changed: list[str]


class EventCancelled(_AboutEvent):
    """A published event will not take place."""

    topic: ClassVar[str] = "events.event_cancelled"


class EventCompleted(_AboutEvent):
    """An event has taken place. `organiser_ids` are who may report back."""

    topic: ClassVar[str] = "events.event_completed"
    ended_at: datetime
    organiser_ids: list[PersonId]
    confirmed_count: int
    visibility: EventVisibility


class NewEvent(Input):
    """A draft. Nobody else sees it until it is published. Without `organiser_ids` the calling person organises it."""

    title: Line
    kind: EventKind
    hub_id: HubId
    group_id: GroupId | None = None
    starts_at: Moment
    ends_at: Moment
    time_zone: TimeZone
    summary: Annotated[Summary | None, BLANK_IS_NONE] = None
    description: Annotated[Description | None, BLANK_IS_NONE] = None
    place: Place | None = None
    online_url: Annotated[WebAddress | None, BLANK_IS_NONE] = None
    access_information: Annotated[AccessInformation | None, BLANK_IS_NONE] = None
    capacity: Capacity | None = None
    visibility: EventVisibility = EventVisibility.COMMUNITY
    themes: Themes = Field(default_factory=list)
    languages: Languages = Field(default_factory=list)
    organiser_ids: Organisers | None = None


class EventChanges(Changes):
    """What to change: only the fields that are sent. `null` takes away what an event need not have."""

    title: Line = UNCHANGED
    kind: EventKind = UNCHANGED
    hub_id: HubId = UNCHANGED
    group_id: GroupId | None = UNCHANGED
    starts_at: Moment = UNCHANGED
    ends_at: Moment = UNCHANGED
    time_zone: TimeZone = UNCHANGED
    summary: Annotated[Summary | None, BLANK_IS_NONE] = UNCHANGED
    description: Annotated[Description | None, BLANK_IS_NONE] = UNCHANGED
    place: Place | None = UNCHANGED
    online_url: Annotated[WebAddress | None, BLANK_IS_NONE] = UNCHANGED
    access_information: Annotated[AccessInformation | None, BLANK_IS_NONE] = UNCHANGED
    capacity: Capacity | None = UNCHANGED
    visibility: EventVisibility = UNCHANGED
    themes: Themes = UNCHANGED
    languages: Languages = UNCHANGED
    organiser_ids: Organisers = UNCHANGED


class CancelEvent(Input):
    """Why an event is cancelled, for the people who are registered."""

    reason: Annotated[Reason | None, BLANK_IS_NONE] = None


class EventView(View):
    """An event. Only people with a seat and those who may change it get `online_url`. No `capacity`: no limit.

    `viewer_…`: the caller's own registration that is not cancelled, and what the caller may do with the event now.
    """

    id: EventId
    title: str
    summary: str | None
    description: str | None
    kind: EventKind
    status: EventStatus
    visibility: EventVisibility
    hub_id: HubId
    group_id: GroupId | None
    organiser_ids: list[PersonId]
    starts_at: datetime
    ends_at: datetime
    time_zone: Annotated[str, TIME_ZONE]
    place: Place | None
    online_url: Annotated[str, URL] | None
    access_information: str | None
    capacity: int | None
    confirmed_count: int
    waitlist_count: int
    themes: list[Theme]
    languages: list[str]
    cancelled_reason: str | None
    created_at: datetime
    published_at: datetime | None
    viewer_registration_id: RegistrationId | None
    viewer_can_register: bool
    viewer_can_update: bool
    version: int
