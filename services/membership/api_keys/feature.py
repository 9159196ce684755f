"""All the membership service must know of api keys."""

from services.membership.api_keys import store
from services.membership.api_keys.routes import ROUTES
from shared.feature import Feature

FEATURE = Feature(
    "api keys",
    routes=ROUTES,
    stores=(store.API_KEYS,),
)
