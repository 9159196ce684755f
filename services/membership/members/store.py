"""Memberships in the collection `memberships`. Of live ones, each person has at most one a hub and one a group."""

from collections.abc import Iterable

from services.membership.documents import BY_AGE, document_of, find_all, find_one, page_of
from services.membership.members.model import Membership
from shared.mongo import Database, Document, Index, save_versioned, session_of
from shared.paging import Page, PageRequest

COLLECTION = "memberships"
INDEXES = {
    COLLECTION: [
        Index(
            [("group_id", 1), ("person_id", 1)],
            unique=True,
            where={"live": True, "group_id": {"$type": "string"}},
            name="once_a_group",
        ),
        Index(
            [("hub_id", 1), ("person_id", 1)],
            unique=True,
            where={"live": True, "group_id": {"$type": "null"}},
            name="once_a_hub",
        ),
        Index([("group_id", 1), ("live", 1), ("_id", 1)]),
        Index([("hub_id", 1), ("group_id", 1), ("live", 1), ("_id", 1)]),
        Index([("person_id", 1), ("live", 1), ("_id", 1)]),
    ]
}


def _document(membership: Membership) -> Document:
    return document_of(membership, live=membership.left_at is None)


async def add(database: Database, membership: Membership) -> None:
    """Keep a new membership. Raises `DuplicateKeyError` when the person is in already."""
    await database[COLLECTION].insert_one(_document(membership), session=session_of(None))


async def save(database: Database, membership: Membership) -> None:
    """Keep a changed membership. Raises `Stale`."""
    await save_versioned(database[COLLECTION], _document(membership))


async def find_in_group(database: Database, group_id: str, person_id: str) -> Membership | None:
    """The live membership of this person in this group, if there is one."""
    where = {"group_id": group_id, "person_id": person_id, "live": True}
    return await find_one(database, COLLECTION, where, Membership)


async def find_in_hub(database: Database, hub_id: str, person_id: str) -> Membership | None:
    """The live membership of this person in this hub itself, if there is one."""
    where = {"hub_id": hub_id, "group_id": None, "person_id": person_id, "live": True}
    return await find_one(database, COLLECTION, where, Membership)


async def of_person(database: Database, person_id: str) -> list[Membership]:
    """All live memberships of a person, the oldest first."""
    found = await find_all(database, COLLECTION, {"person_id": person_id, "live": True}, Membership)
    return sorted(found, key=lambda membership: membership.id)


async def by_ids(database: Database, ids: Iterable[str]) -> list[Membership]:
    """Those of these memberships that there are, past ones too."""
    return await find_all(database, COLLECTION, {"_id": {"$in": list(ids)}}, Membership)


async def page(
    database: Database, group: str | None, hub: str | None, person: str | None, request: PageRequest
) -> Page[Membership]:
    """Live memberships, the oldest first: of a group, of a hub itself, of a person."""
    where: Document = {"live": True}
    if hub is not None:
        where |= {"hub_id": hub, "group_id": None}
    if group is not None:
        where |= {"group_id": group}
    if person is not None:
        where |= {"person_id": person}
    scope = f"memberships:{group}:{hub}:{person}"
    return await page_of(database, COLLECTION, where, Membership, BY_AGE, request, scope)
