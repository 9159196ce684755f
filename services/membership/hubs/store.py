"""Hubs in the collection `hubs`. Those below a hub are found by the index on `ancestors`."""

from collections.abc import Sequence

from services.membership.hubs.model import Hub
from services.membership.search import BY_NAME, sort_key
from shared.mongo import Database, Document, Index
from shared.paging import Page, PageRequest
from shared.store import Store

HUBS = Store(
    "hubs",
    Hub,
    prefix="hub",
    indexes=[
        Index([("slug", 1)], unique=True),
        Index([("ancestors", 1)]),
        Index(BY_NAME),
        Index([("parent_id", 1), *BY_NAME]),
    ],
    for_queries=lambda hub: {"name_key": sort_key(hub.name)},
)
add, save, find, get, by_ids = HUBS.add, HUBS.save, HUBS.find, HUBS.get, HUBS.by_ids


async def get_by_slug(database: Database, slug: str) -> Hub:
    """The hub with this slug. Raises `NotFound`."""
    return await HUBS.get_where(database, {"slug": slug})


async def page(database: Database, parent: str | None, request: PageRequest, *, archived: bool) -> Page[Hub]:
    """Hubs by name; with `parent`, those directly below it; with `archived`, those that are archived too."""
    where: Document = {} if parent is None else {"parent_id": parent}
    if not archived:
        where["archived_at"] = None
    return await HUBS.page(database, where, request, order=BY_NAME)


async def count_below(database: Database, hub_id: str) -> int:
    """How many hubs lie below this one, however deep."""
    return int(await HUBS.of(database).count_documents({"ancestors": hub_id}))


async def is_any_open_below(database: Database, hub_id: str) -> bool:
    """Whether a hub that is not archived lies below this one."""
    return await HUBS.find_where(database, {"ancestors": hub_id, "archived_at": None}) is not None


async def touch_parent(database: Database, hub_id: str) -> None:
    """Touch a hub below which something is made. Of two that do so at once one then sees the other: so hubs are
    counted, and none is archived while something comes into it."""
    await HUBS.of(database).update_one({"_id": hub_id}, {"$inc": {"growth": 1}})


async def ids_at_or_below(database: Database, hub_ids: Sequence[str]) -> list[str]:
    """The ids of those of these hubs that there are, and of all below them."""
    ids = list(hub_ids)
    found = HUBS.of(database).find({"$or": [{"_id": {"$in": ids}}, {"ancestors": {"$in": ids}}]}, {"_id": 1})
    return sorted([document["_id"] async for document in found])
