"""All the membership service must know of members."""

from services.membership.members import store
from services.membership.members.routes import ROUTES
from shared.feature import Feature

FEATURE = Feature(
    "members",
    routes=ROUTES,
    stores=(store.MEMBERSHIPS,),
)
