"""An invitation to reflect on an event: one an event, open for a while. Pure."""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from shared.contracts.events.events import EventCompleted, EventId, EventVisibility
from shared.contracts.learning.invitations import InvitationView
from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId

OPEN_FOR = timedelta(days=30)


class Invitation(BaseModel):
    """An invitation as it is kept. `visibility` is the event's: who may not see the event does not see this."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    event_id: EventId
    hub_id: HubId
    group_id: GroupId | None = None
    visibility: EventVisibility
    opened_at: datetime
    closes_at: datetime


def invite(invitation_id: str, event: EventCompleted, now: datetime) -> Invitation:
    """An invitation to reflect on an event that has taken place."""
    return Invitation(
        id=invitation_id,
        event_id=event.event_id,
        hub_id=event.hub_id,
        group_id=event.group_id,
        visibility=event.visibility,
        opened_at=now,
        closes_at=now + OPEN_FOR,
    )


def show(invitation: Invitation) -> InvitationView:
    """The invitation as it is shown."""
    return InvitationView.of(invitation)
