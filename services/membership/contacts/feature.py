"""The contacts feature: its routes."""

from services.membership.contacts.routes import ROUTES
from shared.feature import Feature

FEATURE = Feature(
    "contacts",
    routes=ROUTES,
)
