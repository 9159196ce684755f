"""Event audiences: membership says who does not belong to the hub or group that an event is for."""

from typing import ClassVar

from shared.contracts.events.events import EventId, EventVisibility
from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.contracts.membership.people import PersonId
from shared.messaging.envelope import Message


class NonMembersFound(Message):
    """Of the people whom `AudienceNarrowed` named, these may not see the event. The other fields are as in that."""

    topic: ClassVar[str] = "membership.non_members_found"
    public: ClassVar[bool] = False
    event_id: EventId
    hub_id: HubId
    group_id: GroupId | None
    visibility: EventVisibility
    person_ids: list[PersonId]
    version: int
