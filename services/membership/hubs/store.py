"""Hubs in the collection `hubs`. Those below a hub are found by the index on `ancestors`."""

from collections.abc import Sequence

from services.membership.documents import BY_NAME, Shelf
from services.membership.hubs.model import Hub
from services.membership.search import sort_key
from shared.mongo import Database, Index
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

_hubs = Shelf(COLLECTION, Hub, lambda hub: {"name_key": sort_key(hub.name)})
add, find, get, by_ids = _hubs.add, _hubs.find, _hubs.get, _hubs.by_ids


async def get_by_slug(database: Database, slug: str) -> Hub:
    """The hub with this slug. Raises `NotFound`."""
    return await _hubs.get_where(database, {"slug": slug})


async def page(database: Database, parent: str | None, request: PageRequest) -> Page[Hub]:
    """Hubs by name; with `parent`, those directly below it."""
    where = {} if parent is None else {"parent_id": parent}
    return await _hubs.page(database, where, BY_NAME, request, f"hubs:{parent}")


async def count_below(database: Database, hub_id: str) -> int:
    """How many hubs lie below this one, however deep."""
    return int(await database[COLLECTION].count_documents({"ancestors": hub_id}))


async def note_growth(database: Database, hub_id: str) -> None:
    """Touch the hub at the top, so that of two that are opened below it at once one sees the other and is counted."""
    await database[COLLECTION].update_one({"_id": hub_id}, {"$inc": {"growth": 1}})


async def ids_at_or_below(database: Database, hub_ids: Sequence[str]) -> list[str]:
    """The ids of those of these hubs that there are, and of all below them."""
    ids = list(hub_ids)
    found = database[COLLECTION].find({"$or": [{"_id": {"$in": ids}}, {"ancestors": {"$in": ids}}]}, {"_id": 1})
    return sorted([document["_id"] async for document in found])
