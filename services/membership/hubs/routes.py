"""Hubs over HTTP. Everyone with `directory:read` sees every hub."""

from services.membership.hubs import commands, store
from shared import clock
from shared.app import Caller, Db, Paging
from shared.contracts.membership.hubs import HubView, NewHub
from shared.contracts.view import ByIds
from shared.paging import Page
from shared.routing import Routes

ROUTES = Routes("hubs")


@ROUTES.post("/hubs", needs="hub:admin", status=201)
async def create(body: NewHub, caller: Caller, database: Db) -> HubView:
    """Open a hub: `hub:admin` of the parent, or an operator's `community:admin` for one at the root."""
    if body.parent_id is None:
        caller.require("community:admin")
    return HubView.of(await commands.create_hub(database, caller, body, clock.now()))


@ROUTES.get("/hubs", needs="directory:read")
async def page(caller: Caller, database: Db, paging: Paging, parent: str | None = None) -> Page[HubView]:
    """Hubs by name; with `parent`, those directly below it."""
    return (await store.page(database, parent, paging)).map(HubView.of)


@ROUTES.post("/hubs/by-ids", needs="directory:read")
async def by_ids(body: ByIds, caller: Caller, database: Db) -> list[HubView]:
    """Many hubs at once."""
    return [HubView.of(hub) for hub in await store.by_ids(database, body.ids)]


@ROUTES.get("/hubs/by-slug/{slug}", needs="directory:read")
async def by_slug(slug: str, caller: Caller, database: Db) -> HubView:
    """One hub by its slug."""
    return HubView.of(await store.get_by_slug(database, slug))


@ROUTES.get("/hubs/{hub_id}/below", needs="directory:read")
async def below(hub_id: str, caller: Caller, database: Db) -> list[str]:
    """The ids of the hub and of all hubs beneath it."""
    await store.get(database, hub_id)
    return await store.ids_at_or_below(database, [hub_id])
