"""What events tells (messages) and shows (views). An Event is a gathering; a Message is what travels."""

from datetime import datetime
from typing import ClassVar

from shared.contracts.view import Place, View
from shared.contracts.enums import EventKind, EventStatus, EventVisibility, RegistrationStatus, Theme
from shared.ids import EventId, GroupId, HubId, PersonId, RegistrationId
from shared.messaging.envelope import Message, register


class _AboutEvent(Message):
    event_id: EventId
    hub_id: HubId
    group_id: GroupId | None
    version: int


class EventCreated(_AboutEvent):
    """A draft exists. Drafts are nobody else's business, so this is not public."""

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


class _AboutRegistration(Message):
    registration_id: RegistrationId
    event_id: EventId
    hub_id: HubId
    person_id: PersonId
    version: int


class RegistrationConfirmed(_AboutRegistration):
    """A person has a seat."""

    topic: ClassVar[str] = "events.registration_confirmed"


class RegistrationWaitlisted(_AboutRegistration):
    """A person waits for a seat."""

    topic: ClassVar[str] = "events.registration_waitlisted"


class RegistrationPromoted(_AboutRegistration):
    """A person who waited has a seat now."""

    topic: ClassVar[str] = "events.registration_promoted"


class RegistrationCancelled(_AboutRegistration):
    """A person does not come. `freed_seat`: whether a seat became free by it."""

    topic: ClassVar[str] = "events.registration_cancelled"
    freed_seat: bool


register(
    EventCreated,
    EventPublished,
    EventChanged,
    EventCancelled,
    EventCompleted,
    RegistrationConfirmed,
    RegistrationWaitlisted,
    RegistrationPromoted,
    RegistrationCancelled,
)


class EventView(View):
    """An event. `online_url` is there only for the registered and for who looks after it. No capacity: no limit."""

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
    time_zone: str
    place: Place | None
    online_url: str | None
    access_information: str | None
    capacity: int | None
    confirmed_count: int
    waitlist_count: int
    themes: list[Theme]
    languages: list[str]
    cancelled_reason: str | None
    created_at: datetime
    published_at: datetime | None
    version: int


class RegistrationView(View):
    """A person's registration. `position` counts from 1 on the waitlist; only its owner and organisers see one."""

    id: RegistrationId
    event_id: EventId
    person_id: PersonId
    status: RegistrationStatus
    position: int | None
    registered_at: datetime
    promoted_at: datetime | None
    cancelled_at: datetime | None
    version: int
