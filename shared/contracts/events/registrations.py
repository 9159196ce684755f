"""Registrations: a seat at an event, or a place on its waitlist."""

from datetime import datetime
from typing import ClassVar

from shared.contracts.events.events import EventId, EventVisibility, RegistrationId
from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.contracts.membership.people import PersonId
from shared.contracts.view import View
from shared.enums import Described
from shared.messaging.envelope import Message
from shared.values import Input


class RegistrationStatus(Described):
    """Where a registration stands."""

    CONFIRMED = "confirmed", "The person has a seat."
    WAITLISTED = "waitlisted", "All seats were taken; the person gets one when it is their turn."
    CANCELLED = "cancelled", "The person does not come."


class RegistrationOrder(Described):
    """The orders of a list of registrations."""

    REGISTERED_FIRST = "registered_first", "Who registered first comes first; so does who waits, on the waitlist."
    REGISTERED_LAST = "registered_last", "Who registered last comes first."


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
    """A registration was cancelled. `freed_seat`: whether the person had a seat, and did not wait for one."""

    topic: ClassVar[str] = "events.registration_cancelled"
    freed_seat: bool


class AudienceNarrowed(Message):
    """Fewer people may see an event than before. `person_ids`: people with a seat, or who wait for one.

    `visibility` says whether the event is now for `hub_id` or `group_id`. Membership answers with `NonMembersFound`.
    """

    topic: ClassVar[str] = "events.audience_narrowed"
    public: ClassVar[bool] = False
    event_id: EventId
    hub_id: HubId
    group_id: GroupId | None
    visibility: EventVisibility
    person_ids: list[PersonId]
    version: int


class Register(Input):
    """Who comes: the calling person when left out. Only who looks after the event may name somebody else."""

    person_id: PersonId | None = None


class RegistrationView(View):
    """A person's registration. `position` counts from 1 on the waitlist; only its owner and organisers see one.

    `viewer_can_cancel`: whether the caller may cancel it now.
    """

    id: RegistrationId
    event_id: EventId
    person_id: PersonId
    status: RegistrationStatus
    position: int | None
    registered_at: datetime
    promoted_at: datetime | None
    cancelled_at: datetime | None
    viewer_can_cancel: bool
    version: int
