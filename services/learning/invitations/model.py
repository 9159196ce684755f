"""An invitation to reflect on an event: one per event, open for 30 days. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.contracts.events.events import EventCompleted, EventId, EventVisibility
from shared.contracts.learning.invitations import InvitationId, InvitationView
from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.values import Stored

OPEN_FOR = timedelta(days=30)


class Invitation(Stored):
    """An invitation as it is stored. `visibility` is the event's: only those who may see the event see this."""

    id: InvitationId
    event_id: EventId
    hub_id: HubId
    group_id: GroupId | None = None
    visibility: EventVisibility
    opened_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Viewer:
    """A caller who reads invitations, with its groups and hubs. An operator belongs to every hub."""

    groups: frozenset[str] = frozenset()
    hubs: frozenset[str] = frozenset()
    every_hub: bool = False


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
