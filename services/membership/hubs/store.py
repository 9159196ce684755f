"""Hubs in the collection `hubs`. The index on `ancestors` finds the hubs below a hub."""

from collections.abc import Mapping, Sequence

from services.membership.hubs.model import Hub
from services.membership.search import BY_NAME, sort_key
from shared.contracts.membership.hubs import HubKind, HubOrder
from shared.mongo import Database, Document, Index
from shared.paging import Page, PageRequest
from shared.store import BY_ID, NEWEST_FIRST, Order, Store

ORDERS: Mapping[HubOrder, Order] = {
    HubOrder.NAME: BY_NAME,
    HubOrder.NEWEST: NEWEST_FIRST,
    HubOrder.OLDEST: BY_ID,
}
HUBS = Store(
    "hubs",
    Hub,
    prefix="hub",
    indexes=[
        Index([("slug", 1)], unique=True),
        Index([("ancestors", 1)]),
        Index(BY_NAME),
        *(Index([(field, 1), *order]) for field in ("parent_id", "kind") for order in (BY_NAME, BY_ID)),
    ],
    for_queries=lambda hub: {"name_key": sort_key(hub.name)},
)
add, save, find, get, by_ids = HUBS.add, HUBS.save, HUBS.find, HUBS.get, HUBS.by_ids


async def get_by_slug(database: Database, slug: str) -> Hub:
    """The hub with this slug. Raises `NotFound`."""
    return await HUBS.get_where(database, {"slug": slug})


async def page(
    database: Database,
    parent: str | None,
    kinds: Sequence[HubKind],
    order: HubOrder,
    request: PageRequest,
    *,
    archived: bool,
) -> Page[Hub]:
    """Hubs of any of these kinds. `parent`: only hubs directly below this one. `archived`: archived hubs too."""
    where: Document = {} if parent is None else {"parent_id": parent}
    if kinds:
        where["kind"] = {"$in": sorted(kinds)}
    if not archived:
        where["archived_at"] = None
    return await HUBS.page(database, where, request, order=ORDERS[order])


async def count_below(database: Database, hub_id: str) -> int:
    """How many hubs lie below this one, at all levels together."""
    return int(await HUBS.of(database).count_documents({"ancestors": hub_id}))


async def is_any_open_below(database: Database, hub_id: str) -> bool:
    """Whether a hub that is not archived lies below this one."""
    return await HUBS.find_where(database, {"ancestors": hub_id, "archived_at": None}) is not None


async def touch_parent(database: Database, hub_id: str) -> None:
    """Write to a hub in which something is created, so that concurrent transactions conflict and run one by one.

    This keeps the number of hubs below it right, and keeps it from being archived at the same time.
    """
    await HUBS.of(database).update_one({"_id": hub_id}, {"$inc": {"growth": 1}})


async def ids_at_or_below(database: Database, hub_ids: Sequence[str]) -> list[str]:
    """The ids of these hubs, as far as they exist, and of all hubs below them, sorted."""
    ids = list(hub_ids)
    found = HUBS.of(database).find({"$or": [{"_id": {"$in": ids}}, {"ancestors": {"$in": ids}}]}, {"_id": 1})
    return sorted([document["_id"] async for document in found])
