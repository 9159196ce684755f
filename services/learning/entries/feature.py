"""All the learning service must know of entries."""

from services.learning.authorship.model import Marks
from services.learning.entries.routes import ROUTES
from services.learning.entries.store import ENTRIES, REVISIONS
from services.learning.entries.unlinked import concerns_entries
from shared.app import Service
from shared.feature import Feature
from shared.personal_data import Erasure, PersonalData


def _prepare(service: Service) -> None:
    service.extra["marks"] = Marks(service.secret)


FEATURE = Feature(
    "entries",
    routes=ROUTES,
    stores=(ENTRIES, REVISIONS),
    personal_data=(
        PersonalData(
            ENTRIES.collection,
            person="author_id",
            fields=("author_id", "organisation_id", "title", "body", "context"),
            purpose="what its author learnt, and who that is: so that readers know whom to ask, and the author can "
            "revise or withdraw it",
            erasure=Erasure.DELETE,
        ),
        PersonalData(
            ENTRIES.collection,
            person=None,
            fields=("author_mark", "drawer_mark", "title", "body", "context"),
            purpose="anonymous entries: their text, and the marks by which the service recognises their author",
            erasure=Erasure.UNKNOWN_OWNER,
            exported=False,
        ),
        PersonalData(
            REVISIONS.collection,
            person=None,
            fields=("title", "body", "context"),
            purpose="earlier texts of an entry, for its author; they say nothing of who that is and go with the entry",
            erasure=Erasure.DELETE,
            exported=False,
        ),
    ),
    prepare=_prepare,
    unlinked=concerns_entries,
)
