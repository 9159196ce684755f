"""The learning service, wired."""

from fastapi import FastAPI

from services.learning.authorship.model import Marks
from services.learning.entries import store as entries_store
from services.learning.entries.routes import entries
from services.learning.invitations import store as invitations_store
from services.learning.invitations.routes import invitations
from services.learning.subscriptions import SUBSCRIPTIONS
from services.learning.unlinked import concerns_entries
from shared.app import Service, create_service
from shared.settings import Settings

INDEXES = (entries_store.INDEXES, invitations_store.INDEXES)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; settings come from the environment unless given."""
    return create_service(
        "learning",
        settings or Settings(),
        routers=[entries, invitations],
        subscriptions=SUBSCRIPTIONS,
        indexes=INDEXES,
        prepare=_prepare,
        unlinked=concerns_entries,
    )


def _prepare(service: Service) -> None:
    service.extra["marks"] = Marks(service.secret)
