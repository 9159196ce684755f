"""Organisations in the collection `organisations`."""

from collections.abc import Iterable, Sequence

from services.membership.documents import BY_NAME, document_of, find_all, having_words, page_of
from services.membership.organisations.model import Organisation
from services.membership.search import sort_key
from shared.contracts.words import ActorKind
from shared.mongo import Database, Document, Index, session_of
from shared.paging import Page, PageRequest

COLLECTION = "organisations"
INDEXES = {COLLECTION: [Index(BY_NAME), Index([("kind", 1), *BY_NAME]), Index([("search_words", 1)])]}


async def add(database: Database, organisation: Organisation) -> None:
    """Keep a new organisation."""
    document = document_of(organisation, name_key=sort_key(organisation.name), search_words=organisation.words)
    await database[COLLECTION].insert_one(document, session=session_of(None))


async def by_ids(database: Database, ids: Iterable[str]) -> list[Organisation]:
    """Those of these organisations that there are."""
    return await find_all(database, COLLECTION, {"_id": {"$in": list(ids)}}, Organisation)


async def page(
    database: Database, kind: ActorKind | None, words: Sequence[str] | None, request: PageRequest, scope: str
) -> Page[Organisation]:
    """Organisations by name, of a kind, having all these words."""
    conditions: list[Document] = [] if kind is None else [{"kind": kind.value}]
    if words is not None:
        conditions.extend(having_words(words) or [{"_id": None}])
    where: Document = {"$and": conditions} if conditions else {}
    return await page_of(database, COLLECTION, where, Organisation, BY_NAME, request, scope)
