"""All the membership service must know of principals."""

from services.membership.principals.outbox_current import tell_outbox_current
from services.membership.principals.routes import ROUTES
from shared.feature import Feature

FEATURE = Feature(
    "principals",
    routes=ROUTES,
    loops=(tell_outbox_current,),
)
