"""Groups over HTTP. Everyone with `directory:read` sees every group."""

from services.membership.groups import commands, store
from services.membership.groups.model import NewGroup
from services.membership.hubs import store as hubs
from shared import clock
from shared.app import Caller, Db, router
from shared.contracts.membership import GroupView
from shared.contracts.view import ByIds
from shared.contracts.words import Theme
from shared.paging import Page, page_request

routes = router("groups")


@routes.post("/groups", status_code=201)
async def create(body: NewGroup, caller: Caller, database: Db) -> GroupView:
    """Open a group in a hub the caller looks after."""
    caller.require("hub:admin")
    return GroupView.of(await commands.create_group(database, caller, body, clock.now()))


@routes.get("/groups")
async def page(
    caller: Caller,
    database: Db,
    hub: str | None = None,
    theme: Theme | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[GroupView]:
    """Groups by name; with `hub`, those in it and in the hubs below it."""
    caller.require("directory:read")
    request = page_request(first, after)
    hub_ids = None if hub is None else await hubs.ids_at_or_below(database, [hub])
    found = await store.page(database, hub_ids, theme, request, f"groups:{hub}:{theme}")
    return found.map(GroupView.of)


@routes.post("/groups/by-ids")
async def by_ids(body: ByIds, caller: Caller, database: Db) -> list[GroupView]:
    """Many groups at once."""
    caller.require("directory:read")
    return [GroupView.of(group) for group in await store.by_ids(database, body.ids)]


@routes.get("/groups/by-slug/{slug}")
async def by_slug(slug: str, caller: Caller, database: Db) -> GroupView:
    """One group by its slug."""
    caller.require("directory:read")
    return GroupView.of(await store.get_by_slug(database, slug))
