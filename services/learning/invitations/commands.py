"""Opening invitations to reflect."""

from datetime import datetime

from services.learning.invitations.model import invite
from services.learning.invitations.store import INVITATIONS
from shared.commands import in_transaction
from shared.contracts.events.events import EventCompleted, EventVisibility
from shared.contracts.learning.invitations import ReflectionInvited
from shared.ids import new_id
from shared.mongo import Transaction


@in_transaction()
async def open_invitation(tx: Transaction, event: EventCompleted, *, now: datetime) -> None:
    """Invite those who were at an event to reflect. Nothing happens when they are invited already."""
    if await INVITATIONS.find_where(tx.database, {"event_id": event.event_id}) is not None:
        return
    invitation = invite(new_id("inv"), event, now)
    await INVITATIONS.add(tx.database, invitation)
    tx.record(
        ReflectionInvited(
            invitation_id=invitation.id,
            event_id=invitation.event_id,
            hub_id=invitation.hub_id,
            group_id=invitation.group_id,
        ),
        subject=invitation.id,
        hub=invitation.hub_id,
        touches=(invitation.event_id, invitation.group_id),
        reach="internal" if invitation.visibility is EventVisibility.GROUP else "hub",
    )
