"""The principals feature: its routes and the outbox heartbeat."""

from services.membership.principals.outbox_heartbeat import send_outbox_heartbeat
from services.membership.principals.routes import ROUTES
from shared.feature import Feature

FEATURE = Feature(
    "principals",
    routes=ROUTES,
    loops=(send_outbox_heartbeat,),
)
