"""All the membership service must know of principals."""

from services.membership.principals.routes import ROUTES
from shared.feature import Feature

FEATURE = Feature(
    "principals",
    routes=ROUTES,
)
