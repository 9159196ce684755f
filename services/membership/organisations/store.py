"""Organisations in the collection `organisations`."""

from collections.abc import Sequence

from services.membership.documents import BY_NAME, Shelf, having_words
from services.membership.organisations.model import Organisation
from services.membership.search import sort_key
from shared.enums import ActorKind
from shared.mongo import Database, Document, Index
from shared.paging import Page, PageRequest

COLLECTION = "organisations"
INDEXES = {COLLECTION: [Index(BY_NAME), Index([("kind", 1), *BY_NAME]), Index([("search_words", 1)])]}


def _for_queries(organisation: Organisation) -> Document:
    return {"name_key": sort_key(organisation.name), "search_words": organisation.words}


_organisations = Shelf(COLLECTION, Organisation, _for_queries)
add, by_ids = _organisations.add, _organisations.by_ids


async def page(
    database: Database, kind: ActorKind | None, words: Sequence[str] | None, request: PageRequest, scope: str
) -> Page[Organisation]:
    """Organisations by name, of a kind, having all these words."""
    conditions: list[Document] = [] if kind is None else [{"kind": kind.value}]
    if words is not None:
        conditions.extend(having_words(words) or [{"_id": None}])
    where: Document = {"$and": conditions} if conditions else {}
    return await _organisations.page(database, where, BY_NAME, request, scope)
