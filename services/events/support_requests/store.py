"""Support requests: the collection `support_requests`, its indexes, its queries."""

from collections.abc import Mapping, Sequence

from services.events.access import Viewer, may_look_after
from services.events.support_requests.model import SupportRequest, SupportRequestFilter
from shared.contracts.events.support_requests import SupportRequestOrder
from shared.mongo import Database, Document, Index
from shared.paging import Page, PageRequest
from shared.store import BY_ID, NEWEST_FIRST, Order, Store

ORDERS: Mapping[SupportRequestOrder, Order] = {
    SupportRequestOrder.NEWEST: NEWEST_FIRST,
    SupportRequestOrder.OLDEST: BY_ID,
}

SUPPORT_REQUESTS = Store(
    "support_requests",
    SupportRequest,
    prefix="sup",
    indexes=[Index([(field, 1), *NEWEST_FIRST]) for field in ("hub_id", "group_id", "asked_by_id", "kind", "status")],
)
add, save, get = SUPPORT_REQUESTS.add, SUPPORT_REQUESTS.save, SUPPORT_REQUESTS.get


def visible_to(viewer: Viewer) -> Document:
    """The filter of the requests this viewer may see: `model.can_see`, said to the database."""
    looks_after = may_look_after(viewer)
    if looks_after and viewer.everywhere:
        return {}
    ways: list[Document] = []
    if viewer.groups:  # an empty `$in` would keep MongoDB from reading the other ways in order
        ways.append({"group_id": {"$in": sorted(viewer.groups)}})
    if looks_after and viewer.steward_of:
        ways.append({"hub_id": {"$in": sorted(viewer.steward_of)}})
    if viewer.person_id is not None:
        ways.append({"asked_by_id": viewer.person_id})
    return {"$or": ways} if ways else {"_id": None}


async def page(
    database: Database, viewer: Viewer, asked: SupportRequestFilter, order: SupportRequestOrder, request: PageRequest
) -> Page[SupportRequest]:
    """Requests that were asked for and may be seen."""
    clauses: list[Document] = []
    for field, values in (("hub_id", asked.hubs), ("kind", asked.kinds), ("status", asked.statuses)):
        if values:
            clauses.append({field: {"$in": sorted(values)}})
    if asked.group is not None:
        clauses.append({"group_id": asked.group})
    if asked.asked_by is not None:
        clauses.append({"asked_by_id": asked.asked_by})
    where: Document = {"$and": clauses} if clauses else {}
    return await SUPPORT_REQUESTS.page(database, where, request, order=ORDERS[order], visible=visible_to(viewer))


async def by_ids(database: Database, viewer: Viewer, ids: Sequence[str]) -> list[SupportRequest]:
    """Those of these requests that may be seen; anything else is left out."""
    return await SUPPORT_REQUESTS.by_ids(database, ids, visible_to(viewer))
