"""All the learning service must know of entries."""

from services.learning.authorship.model import Marks
from services.learning.entries.routes import ROUTES
from services.learning.entries.store import ENTRIES, REVISIONS
from services.learning.entries.unlinked import concerns_entries
from shared.app import Service
from shared.feature import Feature


def _prepare(service: Service) -> None:
    service.extra["marks"] = Marks(service.secret)


FEATURE = Feature(
    "entries",
    routes=ROUTES,
    stores=(ENTRIES, REVISIONS),
    prepare=_prepare,
    unlinked=concerns_entries,
)
