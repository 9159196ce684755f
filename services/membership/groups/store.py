"""Groups in the collection `groups`, with their counts of people and of activity."""

from collections.abc import Iterable, Sequence

from services.membership.documents import BY_NAME, document_of, find_all, find_one, page_of
from services.membership.groups.model import Group
from services.membership.search import sort_key
from shared.contracts.words import Theme
from shared.errors import NotFound, Path
from shared.mongo import Database, Document, Index, session_of
from shared.paging import Page, PageRequest

COLLECTION = "groups"
INDEXES = {
    COLLECTION: [
        Index([("slug", 1)], unique=True),
        Index(BY_NAME),
        Index([("hub_id", 1), *BY_NAME]),
        Index([("themes", 1), *BY_NAME]),
    ]
}


async def add(database: Database, group: Group) -> None:
    """Keep a new group. Raises `DuplicateKeyError` when its slug is taken."""
    document = document_of(group, name_key=sort_key(group.name))
    await database[COLLECTION].insert_one(document, session=session_of(None))


async def find(database: Database, group_id: str) -> Group | None:
    """The group, if there is one."""
    return await find_one(database, COLLECTION, {"_id": group_id}, Group)


async def get(database: Database, group_id: str, path: Path = ()) -> Group:
    """The group. Raises `NotFound` naming the field that held the id."""
    group = await find(database, group_id)
    if group is None:
        raise NotFound(path=path)
    return group


async def get_by_slug(database: Database, slug: str) -> Group:
    """The group with this slug. Raises `NotFound`."""
    group = await find_one(database, COLLECTION, {"slug": slug}, Group)
    if group is None:
        raise NotFound
    return group


async def by_ids(database: Database, ids: Iterable[str]) -> list[Group]:
    """Those of these groups that there are."""
    return await find_all(database, COLLECTION, {"_id": {"$in": list(ids)}}, Group)


async def page(
    database: Database, hub_ids: Sequence[str] | None, theme: Theme | None, request: PageRequest, scope: str
) -> Page[Group]:
    """Groups by name, in these hubs, of this theme."""
    where: Document = {}
    if hub_ids is not None:
        where["hub_id"] = {"$in": list(hub_ids)}
    if theme is not None:
        where["themes"] = theme.value
    return await page_of(database, COLLECTION, where, Group, BY_NAME, request, scope)


async def count_members(database: Database, group_id: str, change: int) -> None:
    """One more or one fewer in the group."""
    await _count(database, group_id, "member_count", change)


async def count_activity(database: Database, group_id: str) -> None:
    """One more entry shared through the group; of a group that is not there, nothing."""
    await _count(database, group_id, "activity_count", 1)


async def _count(database: Database, group_id: str, field: str, change: int) -> None:
    await database[COLLECTION].update_one(
        {"_id": group_id}, {"$inc": {field: change, "version": 1}}, session=session_of(None)
    )
