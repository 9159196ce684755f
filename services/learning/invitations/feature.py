"""All the learning service must know of invitations to reflect."""

from services.learning.invitations.reactions import on_event_completed
from services.learning.invitations.routes import ROUTES
from services.learning.invitations.store import INVITATIONS
from shared.contracts.events.events import EventCompleted
from shared.feature import Feature
from shared.messaging.reactions import on

FEATURE = Feature(
    "invitations",
    routes=ROUTES,
    stores=(INVITATIONS,),
    reactions=(on(EventCompleted, on_event_completed),),
)
