"""Hubs over HTTP. Everyone with `directory:read` sees every hub."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query

from services.membership.hubs import commands, store
from services.membership.hubs.access import can_change
from services.membership.hubs.model import Hub
from services.membership.memberships import store as memberships
from shared import clock
from shared.app import Caller, Db, Paging
from shared.auth import Principal
from shared.contracts.membership.hubs import HubChanges, HubKind, HubOrder, HubView, NewHub
from shared.contracts.view import ByIds
from shared.paging import Page
from shared.routing import Routes

ROUTES = Routes("hubs")


@ROUTES.post("/hubs", needs="hub:admin", status=201)
async def create(body: NewHub, caller: Caller, database: Db) -> HubView:
    """Create a hub. This takes `hub:admin` for the parent; for a hub at the root, an operator's `community:admin`."""
    if body.parent_id is None:
        caller.require("community:admin")
    return await view_of(database, caller, await commands.create_hub(database, caller, body, now=clock.now()))


@ROUTES.patch("/hubs/{hub_id}", needs="hub:admin")
async def change(hub_id: str, body: HubChanges, caller: Caller, database: Db) -> HubView:
    """Change a hub that the caller looks after. Fields that are not sent stay as they are."""
    return await view_of(database, caller, await commands.change_hub(database, caller, hub_id, body, now=clock.now()))


@ROUTES.post("/hubs/{hub_id}/archive", needs="hub:admin")
async def archive(hub_id: str, caller: Caller, database: Db) -> HubView:
    """Archive a hub that the caller looks after. Everything in it must be archived already."""
    return await view_of(database, caller, await commands.archive_hub(database, caller, hub_id, now=clock.now()))


@ROUTES.post("/hubs/{hub_id}/restore", needs="hub:admin")
async def restore(hub_id: str, caller: Caller, database: Db) -> HubView:
    """Open an archived hub again that the caller looks after."""
    return await view_of(database, caller, await commands.restore_hub(database, caller, hub_id, now=clock.now()))


@ROUTES.get("/hubs", needs="directory:read")
async def page(
    caller: Caller,
    database: Db,
    paging: Paging,
    parent: str | None = None,
    kind: Annotated[list[HubKind], Query()] = [],  # noqa: B006 FastAPI copies it
    include_archived: bool = False,
    order: HubOrder = HubOrder.NAME,
) -> Page[HubView]:
    """Hubs. `parent`: only hubs directly below this one. `kind`: of any of these. `include_archived`: archived hubs
    too."""
    found = await store.page(database, parent, kind, order, paging, archived=include_archived)
    views = {view.id: view for view in await views_of(database, caller, found.nodes)}
    return found.map(lambda hub: views[hub.id])


@ROUTES.post("/hubs/by-ids", needs="directory:read")
async def by_ids(body: ByIds, caller: Caller, database: Db) -> list[HubView]:
    """Many hubs at once."""
    return await views_of(database, caller, await store.by_ids(database, body.ids))


@ROUTES.get("/hubs/by-slug/{slug}", needs="directory:read")
async def by_slug(slug: str, caller: Caller, database: Db) -> HubView:
    """One hub by its slug."""
    return await view_of(database, caller, await store.get_by_slug(database, slug))


@ROUTES.get("/hubs/{hub_id}/below", needs="directory:read")
async def below(hub_id: str, caller: Caller, database: Db) -> list[str]:
    """The ids of the hub and of all hubs below it."""
    await store.get(database, hub_id)
    return await store.ids_at_or_below(database, [hub_id])


async def view_of(database: Db, principal: Principal, hub: Hub) -> HubView:
    """The hub, with the caller's own membership and permissions."""
    return (await views_of(database, principal, [hub]))[0]


async def views_of(database: Db, principal: Principal, hubs: Sequence[Hub]) -> list[HubView]:
    """These hubs, each with the caller's own membership and permissions."""
    own = await memberships.own_in_hubs(database, principal.person_id, [hub.id for hub in hubs])
    return [
        HubView.of(hub, viewer_membership_id=own.get(hub.id), viewer_can_update=can_change(principal, hub))
        for hub in hubs
    ]
