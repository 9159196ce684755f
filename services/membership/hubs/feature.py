"""All the membership service must know of hubs."""

from services.membership.hubs import store
from services.membership.hubs.routes import ROUTES
from shared.feature import Feature

FEATURE = Feature(
    "hubs",
    routes=ROUTES,
    stores=(store.HUBS,),
)
