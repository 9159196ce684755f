"""An event, and what a caller may say about one. Pure: the time is always an argument.

`version` counts edits. Counts of registrations change without one, so that nobody's edit is refused merely because
somebody registered meanwhile.
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.events.gatherings.values import (
    AccessInformation,
    Capacity,
    Description,
    Languages,
    Latitude,
    Longitude,
    Moment,
    OneLine,
    Organisers,
    Reason,
    Summary,
    Themes,
    TimeZone,
    WebAddress,
)
from shared.contracts.view import Place
from shared.contracts.enums import EventKind, EventStatus, EventVisibility, Theme
from shared.ids import EventId, GroupId, HubId, PersonId

NOT_GIVEN: Any = None  # a field that was not sent; what was sent is in `model_fields_set`


class Event(BaseModel):
    """A gathering. `line` is the last place given in the line of registrations; no capacity means no limit."""

    model_config = ConfigDict(frozen=True)

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
    confirmed_count: int = 0
    waitlist_count: int = 0
    line: int = 0
    themes: list[Theme]
    languages: list[str]
    cancelled_reason: str | None = None
    created_at: datetime
    published_at: datetime | None = None
    version: int = 1

    @property
    def is_over(self) -> bool:
        """Whether it was cancelled or has taken place."""
        return self.status in (EventStatus.CANCELLED, EventStatus.COMPLETED)

    @property
    def free_seats(self) -> int | None:
        """How many seats are free; `None` when there is no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.confirmed_count)

    @property
    def has_room(self) -> bool:
        """Whether somebody can be given a seat."""
        return self.capacity is None or self.confirmed_count < self.capacity

    def is_open(self, now: datetime) -> bool:
        """Whether one can still register, and those who wait can still be given a seat."""
        return self.status is EventStatus.PUBLISHED and now < self.starts_at


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class EventPlace(_Input):
    """Where it is: a name, and both degrees (WGS 84) or neither."""

    name: OneLine
    latitude: Latitude | None = None
    longitude: Longitude | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> "EventPlace":
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("give latitude and longitude, or neither")
        return self


class NewEvent(_Input):
    """A draft. Nobody else sees it until it is published. Organisers: the calling person when not said."""

    title: OneLine
    kind: EventKind
    hub_id: HubId
    group_id: GroupId | None = None
    starts_at: Moment
    ends_at: Moment
    time_zone: TimeZone
    summary: Summary = None
    description: Description = None
    place: EventPlace | None = None
    online_url: WebAddress = None
    access_information: AccessInformation = None
    capacity: Capacity = None
    visibility: EventVisibility = EventVisibility.COMMUNITY
    themes: Themes = []
    languages: Languages = []
    organiser_ids: Organisers | None = None


class EventChanges(_Input):
    """What to change: only the fields that are sent. `null` takes away what an event need not have.

    `version`, when given, is the one the caller has seen: a newer one refuses the change.
    """

    title: OneLine = NOT_GIVEN
    kind: EventKind = NOT_GIVEN
    hub_id: HubId = NOT_GIVEN
    group_id: GroupId | None = NOT_GIVEN
    starts_at: Moment = NOT_GIVEN
    ends_at: Moment = NOT_GIVEN
    time_zone: TimeZone = NOT_GIVEN
    summary: Summary = NOT_GIVEN
    description: Description = NOT_GIVEN
    place: EventPlace | None = NOT_GIVEN
    online_url: WebAddress = NOT_GIVEN
    access_information: AccessInformation = NOT_GIVEN
    capacity: Capacity = NOT_GIVEN
    visibility: EventVisibility = NOT_GIVEN
    themes: Themes = NOT_GIVEN
    languages: Languages = NOT_GIVEN
    organiser_ids: Organisers = NOT_GIVEN
    version: Annotated[int, Field(strict=True, ge=1)] | None = None

    def fields(self) -> dict[str, Any]:
        """The fields that were sent and their new values, as an event holds them."""
        given = {name: getattr(self, name) for name in self.model_fields_set if name != "version"}
        if isinstance(place := given.get("place"), EventPlace):
            given["place"] = Place(**place.model_dump())
        return given


class CancelEvent(_Input):
    """Why an event will not take place, for those who meant to come."""

    reason: Reason = None


class EventFilter(_Input):
    """Which events are asked for: of these hubs, this group, starting in [since, until), of these themes, statuses."""

    hubs: frozenset[HubId] = frozenset()
    group: GroupId | None = None
    since: datetime | None = None
    until: datetime | None = None
    themes: frozenset[Theme] = frozenset()
    statuses: frozenset[EventStatus] = frozenset()
