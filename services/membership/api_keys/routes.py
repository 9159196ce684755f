"""API keys over HTTP. All of it needs `hub:admin` over the key's hub."""

from datetime import timedelta

from services.membership.api_keys import commands, store
from services.membership.api_keys.model import NewApiKey, RotateApiKey
from services.membership.hubs import store as hubs
from services.membership.hubs.commands import get_looked_after
from shared import clock
from shared.app import Caller, Db, router
from shared.contracts.membership import ApiKeyView, NewApiKeyView
from shared.contracts.view import ByIds
from shared.paging import Page, page_request

routes = router("api keys")


@routes.post("/api-keys", status_code=201)
async def create(body: NewApiKey, caller: Caller, database: Db) -> NewApiKeyView:
    """Make a key; its secret is in this answer alone."""
    caller.require("hub:admin")
    return await commands.create_api_key(database, caller, body, clock.now())


@routes.get("/api-keys")
async def page(
    caller: Caller, database: Db, hub: str | None = None, first: int | None = None, after: str | None = None
) -> Page[ApiKeyView]:
    """Keys, the oldest first: of a hub and those below it, else of all hubs one looks after."""
    caller.require("hub:admin")
    request = page_request(first, after)
    wanted: list[str] | None = None
    if hub is not None:
        await get_looked_after(database, caller, hub, ("hub",))
        wanted = await hubs.ids_at_or_below(database, [hub])
    elif not caller.everywhere:
        wanted = sorted(caller.steward_of)
    return (await store.page(database, wanted, request, f"api-keys:{hub}")).map(lambda key: key.view)


@routes.post("/api-keys/by-ids")
async def by_ids(body: ByIds, caller: Caller, database: Db) -> list[ApiKeyView]:
    """Many keys at once; those of other hubs are left out."""
    caller.require("hub:admin")
    found = await store.by_ids(database, body.ids)
    return [key.view for key in found if await commands.may_manage(database, caller, key)]


@routes.post("/api-keys/{key_id}/rotate")
async def rotate(key_id: str, caller: Caller, database: Db, body: RotateApiKey | None = None) -> NewApiKeyView:
    """Give a key a new secret, which is in this answer alone."""
    caller.require("hub:admin")
    overlap = timedelta(seconds=(body or RotateApiKey()).overlap_seconds)
    return await commands.rotate_api_key(database, caller, key_id, overlap, clock.now())


@routes.post("/api-keys/{key_id}/revoke")
async def revoke(key_id: str, caller: Caller, database: Db) -> ApiKeyView:
    """End a key at once."""
    caller.require("hub:admin")
    return (await commands.revoke_api_key(database, caller, key_id, clock.now())).view
