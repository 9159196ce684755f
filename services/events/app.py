"""The events service: one list of its features."""

from fastapi import FastAPI

from services.events.events.feature import FEATURE as EVENTS
from services.events.groups.feature import FEATURE as GROUPS
from services.events.registrations.feature import FEATURE as REGISTRATIONS
from services.events.support_requests.feature import FEATURE as SUPPORT_REQUESTS
from shared.app import create_service
from shared.settings import Settings

FEATURES = (EVENTS, REGISTRATIONS, GROUPS, SUPPORT_REQUESTS)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application: `uvicorn --factory services.events.app:create_app`."""
    return create_service("events", settings or Settings(), FEATURES)
