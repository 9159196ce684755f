"""An event. Pure: the time is always an argument.

`version` counts edits. A registration changes the counts and not the version, so that nobody's edit is refused
because somebody registered meanwhile.
"""

from datetime import datetime

from shared.contracts.events.events import (
    EventId,
    EventKind,
    EventStatus,
    EventVisibility,
)
from shared.contracts.events.registrations import RegistrationStatus
from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.contracts.membership.people import PersonId
from shared.enums import Theme
from shared.values import Input, Language, Place, Stored


class AudienceCheck(Stored):
    """How far membership has been asked which of the registered people may still see an event: of those at `status`,
    those up to place `after_line`. People who wait come first, then people with a seat."""

    status: RegistrationStatus = RegistrationStatus.WAITLISTED
    after_line: int = 0


class Event(Stored):
    """A gathering. `line` is the last place given in the line of registrations; no capacity means no limit.

    `audience_check`: set when the audience was narrowed, until membership has been asked about everybody registered.
    """

    id: EventId
    title: str
    summary: str | None = None
    description: str | None = None
    kind: EventKind
    status: EventStatus
    visibility: EventVisibility
    hub_id: HubId
    group_id: GroupId | None = None
    organiser_ids: list[PersonId]
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    place: Place | None = None
    online_url: str | None = None
    access_information: str | None = None
    capacity: int | None = None
    confirmed_count: int = 0
    waitlist_count: int = 0
    line: int = 0
    themes: list[Theme]
    languages: list[str]
    cancelled_reason: str | None = None
    created_at: datetime
    published_at: datetime | None = None
    audience_check: AudienceCheck | None = None
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

    def with_counts(self, *, confirmed: int = 0, waiting: int = 0) -> "Event":
        """The event with `confirmed` more people who have a seat, and `waiting` more who wait."""
        counts = {"confirmed_count": self.confirmed_count + confirmed, "waitlist_count": self.waitlist_count + waiting}
        return self.model_copy(update=counts)

    def is_open(self, now: datetime) -> bool:
        """Whether one can still register, and those who wait can still be given a seat."""
        return self.status is EventStatus.PUBLISHED and now < self.starts_at


class EventFilter(Input):
    """Which events a list holds: starting in [since, until), and with any of the values of each other field."""

    hubs: frozenset[HubId] = frozenset()
    group: GroupId | None = None
    since: datetime | None = None
    until: datetime | None = None
    themes: frozenset[Theme] = frozenset()
    statuses: frozenset[EventStatus] = frozenset()
    kinds: frozenset[EventKind] = frozenset()
    visibilities: frozenset[EventVisibility] = frozenset()
    languages: frozenset[Language] = frozenset()
