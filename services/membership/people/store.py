"""People in the collection `people`. `address` is unique; search reads `search_words`."""

from collections.abc import Iterable, Mapping, Sequence

from services.membership.people.model import Person
from services.membership.search import BY_NAME, having_words, sort_key
from shared.contracts.membership.people import PersonOrder
from shared.mongo import Database, Document, Index, ReturnDocument
from shared.paging import Page, PageRequest
from shared.store import BY_ID, NEWEST_FIRST, Order, Store


def _for_queries(person: Person) -> Document:
    return {"name_key": sort_key(person.name), "search_words": person.search_words}


ORDERS: Mapping[PersonOrder, Order] = {
    PersonOrder.NAME: BY_NAME,
    PersonOrder.NEWEST: NEWEST_FIRST,
    PersonOrder.OLDEST: BY_ID,
}
_NARROWED_BY = ("listed_in", "themes", "actor_kinds", "languages", "affiliations.organisation_id")
PEOPLE = Store(
    "people",
    Person,
    prefix="per",
    indexes=[
        Index([("address", 1)], unique=True),
        Index(BY_NAME),
        Index([("search_words", 1)]),
        *(Index([(field, 1), *order]) for field in _NARROWED_BY for order in (BY_NAME, BY_ID)),
    ],
    for_queries=_for_queries,
)
add, save, find, get, by_ids = PEOPLE.add, PEOPLE.save, PEOPLE.find, PEOPLE.get, PEOPLE.by_ids


async def find_by_address(database: Database, address: str) -> Person | None:
    """The person who signs in with this address, if there is one."""
    return await PEOPLE.find_where(database, {"address": address})


async def page(
    database: Database,
    *,
    words: Sequence[str] | None,
    any_of: Mapping[str, Sequence[str]],
    group_id: str | None,
    hub_ids: Sequence[str] | None,
    order: PersonOrder,
    request: PageRequest,
    scope: str,
) -> Page[Person]:
    """People. `words`: all must match. `any_of`: for each field, one of these values. `hub_ids`: in one of these hubs
    or in a group of one, accepted or not."""
    conditions: list[Document] = [{field: {"$in": list(values)}} for field, values in any_of.items()]
    if group_id is not None:
        conditions.append({"listed_in": group_id})
    if hub_ids is not None:
        conditions.append({"listed_in": {"$in": list(hub_ids)}})
    if words is not None:
        conditions.extend(having_words(words) or [{"_id": None}])
    where: Document = {"$and": conditions} if conditions else {}
    return await PEOPLE.page(database, where, request, order=ORDERS[order], scope=scope)


async def set_belonging(
    database: Database, person_id: str, *, hub_ids: Iterable[str], group_ids: Iterable[str], listed_in: Iterable[str]
) -> int:
    """Note where a person has accepted being a member (`hub_ids`, `group_ids`), and in whose lists they are
    (`listed_in`). Return the new `belonging_version`, or 0 when there is no such person.

    Concurrent changes conflict here, so that neither is lost.
    """
    belonging = {"hub_ids": sorted(hub_ids), "group_ids": sorted(group_ids), "listed_in": sorted(listed_in)}
    noted = await PEOPLE.of(database).find_one_and_update(
        {"_id": person_id},
        {"$set": belonging, "$inc": {"belonging_version": 1}},
        return_document=ReturnDocument.AFTER,
    )
    return 0 if noted is None else int(noted["belonging_version"])
