"""Hubs over HTTP. Everyone with `directory:read` sees every hub."""

from services.membership.hubs import commands, store
from services.membership.hubs.model import NewHub
from shared import clock
from shared.app import Caller, Db, router
from shared.contracts.membership import HubView
from shared.contracts.view import ByIds
from shared.paging import Page, page_request

routes = router("hubs")


@routes.post("/hubs", status_code=201)
async def create(body: NewHub, caller: Caller, database: Db) -> HubView:
    """Open a hub: `hub:admin` of the parent, or an operator's `community:admin` for one at the root."""
    caller.require("hub:admin" if body.parent_id else "community:admin")
    return HubView.of(await commands.create_hub(database, caller, body, clock.now()))


@routes.get("/hubs")
async def page(
    caller: Caller, database: Db, parent: str | None = None, first: int | None = None, after: str | None = None
) -> Page[HubView]:
    """Hubs by name; with `parent`, those directly below it."""
    caller.require("directory:read")
    return (await store.page(database, parent, page_request(first, after))).map(HubView.of)


@routes.post("/hubs/by-ids")
async def by_ids(body: ByIds, caller: Caller, database: Db) -> list[HubView]:
    """Many hubs at once."""
    caller.require("directory:read")
    return [HubView.of(hub) for hub in await store.by_ids(database, body.ids)]


@routes.get("/hubs/by-slug/{slug}")
async def by_slug(slug: str, caller: Caller, database: Db) -> HubView:
    """One hub by its slug."""
    caller.require("directory:read")
    return HubView.of(await store.get_by_slug(database, slug))


@routes.get("/hubs/{hub_id}/below")
async def below(hub_id: str, caller: Caller, database: Db) -> list[str]:
    """The ids of the hub and of all hubs beneath it."""
    caller.require("directory:read")
    await store.get(database, hub_id)
    return await store.ids_at_or_below(database, [hub_id])
