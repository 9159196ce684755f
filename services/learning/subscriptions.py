"""What learning listens to."""

from services.learning.invitations import reactions as invitations
from shared.contracts.events import EventCompleted
from shared.messaging.reactions import Subscriptions, on

SUBSCRIPTIONS = Subscriptions(
    reactions=(on(EventCompleted, invitations.on_event_completed),),
)
