"""Organisations in the collection `organisations`."""

from collections.abc import Mapping, Sequence

from services.membership.organisations.model import Organisation
from services.membership.search import BY_NAME, having_words, sort_key
from shared.contracts.membership.organisations import OrganisationOrder
from shared.enums import ActorKind
from shared.mongo import Database, Document, Index
from shared.paging import Page, PageRequest
from shared.store import BY_ID, NEWEST_FIRST, Order, Store

NAMES = "organisation_names"


def _name_key(name: str) -> str:
    """The key by which names are sorted and compared: without case, accents and extra spaces."""
    return " ".join(sort_key(name).split())


def _for_queries(organisation: Organisation) -> Document:
    return {"name_key": _name_key(organisation.name), "search_words": organisation.search_words}


ORDERS: Mapping[OrganisationOrder, Order] = {
    OrganisationOrder.NAME: BY_NAME,
    OrganisationOrder.NEWEST: NEWEST_FIRST,
    OrganisationOrder.OLDEST: BY_ID,
}
ORGANISATIONS = Store(
    "organisations",
    Organisation,
    prefix="org",
    indexes=[
        Index(BY_NAME),
        Index([("kind", 1), *BY_NAME]),
        Index([("kind", 1), *BY_ID]),
        Index([("search_words", 1)]),
    ],
    for_queries=_for_queries,
)
add, save, get, by_ids = ORGANISATIONS.add, ORGANISATIONS.save, ORGANISATIONS.get, ORGANISATIONS.by_ids


async def lock_name(database: Database, name: str) -> list[Organisation]:
    """Lock a name for the transaction, and give the organisations that have it; case and accents do not matter.

    Each caller first writes the document of the name, so concurrent transactions conflict: one goes on, and the others
    run again and see what it did.
    """
    key = _name_key(name)
    await database[NAMES].update_one({"_id": key}, {"$inc": {"asked": 1}}, upsert=True)
    return await ORGANISATIONS.all_where(database, {"name_key": key})


async def page(
    database: Database,
    kinds: Sequence[ActorKind],
    words: Sequence[str] | None,
    order: OrganisationOrder,
    request: PageRequest,
    scope: str,
) -> Page[Organisation]:
    """Organisations of any of these kinds, with all of these words."""
    conditions: list[Document] = [{"kind": {"$in": [kind.value for kind in kinds]}}] if kinds else []
    if words is not None:
        conditions.extend(having_words(words) or [{"_id": None}])
    where: Document = {"$and": conditions} if conditions else {}
    return await ORGANISATIONS.page(database, where, request, order=ORDERS[order], scope=scope)
