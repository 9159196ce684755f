"""All the membership service must know of contacts."""

from services.membership.contacts.routes import ROUTES
from shared.feature import Feature

FEATURE = Feature(
    "contacts",
    routes=ROUTES,
)
