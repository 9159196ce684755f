"""Groups over HTTP. Everyone with `directory:read` sees every group."""

from services.membership.groups import commands, store
from services.membership.hubs import store as hubs
from shared import clock
from shared.app import Caller, Db, Paging
from shared.contracts.membership.groups import GroupChanges, GroupView, NewGroup
from shared.contracts.view import ByIds
from shared.enums import Theme
from shared.paging import Page
from shared.routing import Routes

ROUTES = Routes("groups")


@ROUTES.post("/groups", needs="hub:admin", status=201)
async def create(body: NewGroup, caller: Caller, database: Db) -> GroupView:
    """Open a group in a hub the caller looks after."""
    return GroupView.of(await commands.create_group(database, caller, body, clock.now()))


@ROUTES.patch("/groups/{group_id}", needs="directory:read")
async def change(group_id: str, body: GroupChanges, caller: Caller, database: Db) -> GroupView:
    """Change the fields that are sent, of a group the caller convenes or whose hub they look after."""
    return GroupView.of(await commands.change_group(database, caller, group_id, body, now=clock.now()))


@ROUTES.post("/groups/{group_id}/archive", needs="directory:read")
async def archive(group_id: str, caller: Caller, database: Db) -> GroupView:
    """Close a group the caller convenes or whose hub they look after."""
    return GroupView.of(await commands.archive_group(database, caller, group_id, now=clock.now()))


@ROUTES.get("/groups", needs="directory:read")
async def page(
    caller: Caller,
    database: Db,
    paging: Paging,
    hub: str | None = None,
    theme: Theme | None = None,
    include_archived: bool = False,
) -> Page[GroupView]:
    """Groups by name; with `hub`, those in it and in the hubs below it. Archived ones only when they are asked for."""
    hub_ids = None if hub is None else await hubs.ids_at_or_below(database, [hub])
    scope = f"groups:{hub}:{theme}:{include_archived}"
    found = await store.page(database, hub_ids, theme, paging, scope, archived=include_archived)
    return found.map(GroupView.of)


@ROUTES.post("/groups/by-ids", needs="directory:read")
async def by_ids(body: ByIds, caller: Caller, database: Db) -> list[GroupView]:
    """Many groups at once."""
    return [GroupView.of(group) for group in await store.by_ids(database, body.ids)]


@ROUTES.get("/groups/by-slug/{slug}", needs="directory:read")
async def by_slug(slug: str, caller: Caller, database: Db) -> GroupView:
    """One group by its slug."""
    return GroupView.of(await store.get_by_slug(database, slug))
