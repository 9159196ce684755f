"""The learning service: one list of its features."""

from fastapi import FastAPI

from services.learning.archived.feature import FEATURE as ARCHIVED
from services.learning.entries.feature import FEATURE as ENTRIES
from services.learning.invitations.feature import FEATURE as INVITATIONS
from shared.app import create_service
from shared.settings import Settings

FEATURES = (ENTRIES, INVITATIONS, ARCHIVED)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; settings come from the environment unless given."""
    return create_service("learning", settings or Settings(), FEATURES)
