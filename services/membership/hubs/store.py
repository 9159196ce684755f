"""Hubs in the collection `hubs`. Those below a hub are found by the index on `ancestors`."""

from collections.abc import Iterable, Sequence

from services.membership.documents import BY_NAME, document_of, find_all, find_one, page_of
from services.membership.hubs.model import Hub
from services.membership.search import sort_key
from shared.errors import NotFound, Path
from shared.mongo import Database, Index, session_of
from shared.paging import Page, PageRequest

COLLECTION = "hubs"
INDEXES = {
    COLLECTION: [
        Index([("slug", 1)], unique=True),
        Index([("ancestors", 1)]),
        Index(BY_NAME),
        Index([("parent_id", 1), *BY_NAME]),
    ]
}


async def add(database: Database, hub: Hub) -> None:
    """Keep a new hub. Raises `DuplicateKeyError` when its slug is taken."""
    document = document_of(hub, name_key=sort_key(hub.name))
    await database[COLLECTION].insert_one(document, session=session_of(None))


async def find(database: Database, hub_id: str) -> Hub | None:
    """The hub, if there is one."""
    return await find_one(database, COLLECTION, {"_id": hub_id}, Hub)


async def get(database: Database, hub_id: str, path: Path = ()) -> Hub:
    """The hub. Raises `NotFound` naming the field that held the id."""
    hub = await find(database, hub_id)
    if hub is None:
        raise NotFound(path=path)
    return hub


async def get_by_slug(database: Database, slug: str) -> Hub:
    """The hub with this slug. Raises `NotFound`."""
    hub = await find_one(database, COLLECTION, {"slug": slug}, Hub)
    if hub is None:
        raise NotFound
    return hub


async def by_ids(database: Database, ids: Iterable[str]) -> list[Hub]:
    """Those of these hubs that there are."""
    return await find_all(database, COLLECTION, {"_id": {"$in": list(ids)}}, Hub)


async def page(database: Database, parent: str | None, request: PageRequest) -> Page[Hub]:
    """Hubs by name; with `parent`, those directly below it."""
    where = {} if parent is None else {"parent_id": parent}
    return await page_of(database, COLLECTION, where, Hub, BY_NAME, request, f"hubs:{parent}")


async def ids_at_or_below(database: Database, hub_ids: Sequence[str]) -> list[str]:
    """The ids of those of these hubs that there are, and of all below them."""
    ids = list(hub_ids)
    found = database[COLLECTION].find(
        {"$or": [{"_id": {"$in": ids}}, {"ancestors": {"$in": ids}}]}, {"_id": 1}, session=session_of(None)
    )
    return sorted([document["_id"] async for document in found])
