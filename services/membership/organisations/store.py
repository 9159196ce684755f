"""Organisations in the collection `organisations`."""

from collections.abc import Sequence

from services.membership.organisations.model import Organisation
from services.membership.search import BY_NAME, having_words, sort_key
from shared.enums import ActorKind
from shared.mongo import Database, Document, Index
from shared.paging import Page, PageRequest
from shared.store import Store

NAMES = "organisation_names"


def _name_key(name: str) -> str:
    """By what names are sorted and are one: without case, accents and spaces too many."""
    return " ".join(sort_key(name).split())


def _for_queries(organisation: Organisation) -> Document:
    return {"name_key": _name_key(organisation.name), "search_words": organisation.search_words}


ORGANISATIONS = Store(
    "organisations",
    Organisation,
    prefix="org",
    indexes=[Index(BY_NAME), Index([("kind", 1), *BY_NAME]), Index([("search_words", 1)])],
    for_queries=_for_queries,
)
add, save, get, by_ids = ORGANISATIONS.add, ORGANISATIONS.save, ORGANISATIONS.get, ORGANISATIONS.by_ids


async def lock_name(database: Database, name: str) -> list[Organisation]:
    """The organisations of this name, without case and accents. In a transaction of those that ask for one name at once
    one goes on, and the others see what it did: each writes the name's own document first.
    """
    key = _name_key(name)
    await database[NAMES].update_one({"_id": key}, {"$inc": {"asked": 1}}, upsert=True)
    return await ORGANISATIONS.all_where(database, {"name_key": key})


async def page(
    database: Database, kinds: Sequence[ActorKind], words: Sequence[str] | None, request: PageRequest, scope: str
) -> Page[Organisation]:
    """Organisations by name, of any of these kinds, having all these words."""
    conditions: list[Document] = [{"kind": {"$in": [kind.value for kind in kinds]}}] if kinds else []
    if words is not None:
        conditions.extend(having_words(words) or [{"_id": None}])
    where: Document = {"$and": conditions} if conditions else {}
    return await ORGANISATIONS.page(database, where, request, order=BY_NAME, scope=scope)
