"""What happens to invitations: they are opened."""

from datetime import datetime

from services.learning.invitations import store
from services.learning.invitations.model import invite
from shared.contracts.events.events import EventCompleted, EventVisibility
from shared.contracts.learning.invitations import ReflectionInvited
from shared.ids import new_id
from shared.mongo import Transaction


async def open_invitation(transaction: Transaction, event: EventCompleted, now: datetime) -> None:
    """Invite those who were at an event to reflect, once an event."""
    if await store.exists_for(transaction, event.event_id):
        return
    invitation = invite(new_id("inv"), event, now)
    await store.add(transaction, invitation)
    transaction.record(
        ReflectionInvited(
            invitation_id=invitation.id,
            event_id=invitation.event_id,
            hub_id=invitation.hub_id,
            group_id=invitation.group_id,
        ),
        subject=invitation.id,
        hub=invitation.hub_id,
        touches={invitation.event_id, invitation.group_id} - {None},
        reach="internal" if invitation.visibility is EventVisibility.GROUP else "hub",
    )
