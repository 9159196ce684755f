"""Groups in the collection `groups`, with their counts of people and of activity."""

from collections.abc import Mapping, Sequence

from services.membership.groups.model import Group
from services.membership.search import BY_NAME, sort_key
from shared.contracts.membership.groups import GroupOrder, JoinPolicy
from shared.enums import Theme
from shared.mongo import Database, Document, Index
from shared.paging import Page, PageRequest
from shared.store import BY_ID, NEWEST_FIRST, Order, Store

ORDERS: Mapping[GroupOrder, Order] = {
    GroupOrder.NAME: BY_NAME,
    GroupOrder.NEWEST: NEWEST_FIRST,
    GroupOrder.OLDEST: BY_ID,
}
GROUPS = Store(
    "groups",
    Group,
    prefix="grp",
    indexes=[
        Index([("slug", 1)], unique=True),
        Index(BY_NAME),
        *(Index([(field, 1), *order]) for field in ("hub_id", "themes", "domain") for order in (BY_NAME, BY_ID)),
    ],
    for_queries=lambda group: {"name_key": sort_key(group.name)},
)
add, save, find, get, by_ids = GROUPS.add, GROUPS.save, GROUPS.find, GROUPS.get, GROUPS.by_ids


async def get_by_slug(database: Database, slug: str) -> Group:
    """The group with this slug. Raises `NotFound`."""
    return await GROUPS.get_where(database, {"slug": slug})


async def is_any_open(database: Database, hub_id: str) -> bool:
    """Whether a group of this hub is not archived."""
    return await GROUPS.find_where(database, {"hub_id": hub_id, "archived_at": None}) is not None


async def page(
    database: Database,
    hub_ids: Sequence[str] | None,
    themes: Sequence[Theme],
    domain: str | None,
    join_policies: Sequence[JoinPolicy],
    order: GroupOrder,
    request: PageRequest,
    scope: str,
    *,
    archived: bool,
) -> Page[Group]:
    """Groups in these hubs, of any of these themes and policies, of this domain. `archived`: archived groups too."""
    where: Document = {} if archived else {"archived_at": None}
    if hub_ids is not None:
        where["hub_id"] = {"$in": list(hub_ids)}
    if themes:
        where["themes"] = {"$in": [theme.value for theme in themes]}
    if domain is not None:
        where["domain"] = domain
    if join_policies:
        where["join_policy"] = {"$in": [policy.value for policy in join_policies]}
    return await GROUPS.page(database, where, request, order=ORDERS[order], scope=scope)


async def count_members(database: Database, group_id: str, change: int) -> None:
    """Add `change`, +1 or -1, to the group's number of members."""
    await _count(database, group_id, "member_count", change)


async def count_activity(database: Database, group_id: str) -> None:
    """Count one more entry shared through the group. Does nothing when the group does not exist."""
    await _count(database, group_id, "activity_count", 1)


async def note_founded(database: Database, group_id: str) -> None:
    """Note that the group has had a convener. A concurrent transaction that adds people conflicts and runs again."""
    await GROUPS.of(database).update_one({"_id": group_id, "founded": {"$ne": True}}, {"$set": {"founded": True}})


async def _count(database: Database, group_id: str, field: str, change: int) -> None:
    """Counts leave the version as it is, so that a change of the group is not refused because somebody joined."""
    await GROUPS.of(database).update_one({"_id": group_id}, {"$inc": {field: change}})
