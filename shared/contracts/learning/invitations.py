"""Invitations to reflect on an event that has taken place."""

from datetime import datetime
from typing import Annotated, ClassVar

from shared.contracts.events.events import EventId
from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.contracts.view import View
from shared.ids import IdType
from shared.messaging.envelope import Message

InvitationId = Annotated[str, IdType("inv")]


class ReflectionInvited(Message):
    """After an event: those who were there are invited to reflect."""

    topic: ClassVar[str] = "learning.reflection_invited"
    invitation_id: InvitationId
    event_id: EventId
    hub_id: HubId
    group_id: GroupId | None


class InvitationView(View):
    """An open invitation to reflect on an event."""

    id: InvitationId
    event_id: EventId
    hub_id: HubId
    group_id: GroupId | None
    opened_at: datetime
    closes_at: datetime
