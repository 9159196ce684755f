"""Where and when people meet: events and registrations."""

from datetime import datetime

from gateway.graph.shapes import Node, Place, about, shown
from shared.contracts.events.events import EventKind, EventStatus, EventVisibility
from shared.contracts.events.registrations import RegistrationStatus
from shared.enums import Theme


@shown
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
    version: int


@shown
class Registration(Node):
    """A person's registration for an event."""

    status: RegistrationStatus
    position: int | None = about("The place on the waitlist, from 1.")
    registered_at: datetime
    promoted_at: datetime | None
    cancelled_at: datetime | None
    version: int
