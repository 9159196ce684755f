"""The hubs feature: its routes and stores."""

from services.membership.hubs import store
from services.membership.hubs.routes import ROUTES
from shared.feature import Feature

FEATURE = Feature(
    "hubs",
    routes=ROUTES,
    stores=(store.HUBS,),
)
