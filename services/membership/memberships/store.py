"""Memberships in the collection `memberships`. A person has at most one live membership of each hub and group."""

from collections.abc import Mapping, Sequence

from services.membership.memberships.model import LOOKING_AFTER, Membership
from shared.contracts.membership.memberships import MembershipOrder, Role
from shared.mongo import Database, Document, Index
from shared.paging import Page, PageRequest
from shared.store import BY_ID, NEWEST_FIRST, Order, Store

ORDERS: Mapping[MembershipOrder, Order] = {MembershipOrder.OLDEST: BY_ID, MembershipOrder.NEWEST: NEWEST_FIRST}

MEMBERSHIPS = Store(
    "memberships",
    Membership,
    prefix="mem",
    indexes=[
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
        Index([("live", 1), ("_id", 1)]),
        Index([("group_id", 1), ("live", 1), ("_id", 1)]),
        Index([("hub_id", 1), ("group_id", 1), ("live", 1), ("_id", 1)]),
        Index([("person_id", 1), ("live", 1), ("_id", 1)]),
    ],
    for_queries=lambda membership: {"live": membership.left_at is None},
)
add, save, get, by_ids = MEMBERSHIPS.add, MEMBERSHIPS.save, MEMBERSHIPS.get, MEMBERSHIPS.by_ids


async def find_in_group(database: Database, group_id: str, person_id: str) -> Membership | None:
    """The live membership of this person in this group, if there is one."""
    where = {"group_id": group_id, "person_id": person_id, "live": True}
    return await MEMBERSHIPS.find_where(database, where)


async def find_in_hub(database: Database, hub_id: str, person_id: str) -> Membership | None:
    """The live membership of this person in this hub itself, if there is one."""
    where = {"hub_id": hub_id, "group_id": None, "person_id": person_id, "live": True}
    return await MEMBERSHIPS.find_where(database, where)


async def own_in_hubs(database: Database, person_id: str | None, hub_ids: Sequence[str]) -> dict[str, str]:
    """The ids of this person's live memberships of these hubs themselves, by hub id."""
    found = await _own(database, person_id, {"hub_id": {"$in": list(hub_ids)}, "group_id": None})
    return {membership.hub_id: membership.id for membership in found}


async def own_in_groups(database: Database, person_id: str | None, group_ids: Sequence[str]) -> dict[str, str]:
    """The ids of this person's live memberships of these groups, by group id."""
    found = await _own(database, person_id, {"group_id": {"$in": list(group_ids)}})
    return {membership.group_id: membership.id for membership in found if membership.group_id is not None}


async def _own(database: Database, person_id: str | None, where: Document) -> list[Membership]:
    if person_id is None:
        return []
    return await MEMBERSHIPS.all_where(database, {"person_id": person_id, "live": True, **where})


async def has_convener(database: Database, group_id: str) -> bool:
    """Whether the group has a convener or steward who has accepted."""
    return group_id in await with_convener(database, [group_id])


async def with_convener(database: Database, group_ids: Sequence[str]) -> set[str]:
    """The ids of those of these groups that have a convener or steward who has accepted."""
    if not group_ids:
        return set()
    where: Document = {"group_id": {"$in": list(group_ids)}, "live": True, "accepted_at": {"$ne": None}}
    roles = {"roles": {"$in": [role.value for role in LOOKING_AFTER]}}
    found = MEMBERSHIPS.of(database).find(where | roles, {"group_id": 1})
    return {str(document["group_id"]) async for document in found}


async def of_person(database: Database, person_id: str) -> list[Membership]:
    """All live memberships of a person, the oldest first."""
    found = await MEMBERSHIPS.all_where(database, {"person_id": person_id, "live": True})
    return sorted(found, key=lambda membership: membership.id)


async def page(
    database: Database,
    group: str | None,
    hub: str | None,
    person: str | None,
    request: PageRequest,
    *,
    roles: Sequence[Role] = (),
    accepted: bool | None = None,
    order: MembershipOrder = MembershipOrder.OLDEST,
) -> Page[Membership]:
    """Live memberships of a group, of a hub itself, of a person; with any of these roles, accepted or not."""
    where: Document = {"live": True}
    if hub is not None:
        where |= {"hub_id": hub, "group_id": None}
    if group is not None:
        where |= {"group_id": group}
    if person is not None:
        where |= {"person_id": person}
    if roles:
        where["roles"] = {"$in": sorted(roles)}
    if accepted is not None:
        where["accepted_at"] = {"$ne": None} if accepted else None
    return await MEMBERSHIPS.page(database, where, request, order=ORDERS[order])
