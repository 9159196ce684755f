"""API keys over HTTP. Every route needs `hub:admin` for the key's hub."""

from datetime import timedelta

from services.membership.api_keys import commands, store
from services.membership.hubs import store as hubs
from services.membership.hubs.commands import get_looked_after
from services.membership.principals.commands import key_views
from shared import clock
from shared.app import Caller, Db, Paging
from shared.contracts.membership.api_keys import ApiKeyView, NewApiKey, NewApiKeyView, RotateApiKey
from shared.contracts.view import ByIds
from shared.paging import Page
from shared.routing import Routes

ROUTES = Routes("api keys")


@ROUTES.post("/api-keys", needs="hub:admin", status=201)
async def create(body: NewApiKey, caller: Caller, database: Db) -> NewApiKeyView:
    """Create a key. Only this answer contains its secret."""
    return await commands.create_api_key(database, caller, body, now=clock.now())


@ROUTES.get("/api-keys", needs="hub:admin")
async def page(
    caller: Caller, database: Db, paging: Paging, hub: str | None = None, revoked: bool | None = None
) -> Page[ApiKeyView]:
    """Keys, the oldest first. `hub`: of this hub and those below it; without it, of all hubs the caller looks after.
    `revoked`: only keys that are revoked, or only those that are not."""
    wanted: list[str] | None = None
    if hub is not None:
        await get_looked_after(database, caller, hub, ("hub",))
        wanted = await hubs.ids_at_or_below(database, [hub])
    elif not caller.everywhere:
        wanted = sorted(caller.steward_of)
    found = await store.page(database, wanted, revoked, paging, f"api-keys:{hub}:{revoked}")
    views = {view.id: view for view in await key_views(database, found.nodes, now=clock.now())}
    return found.map(lambda key: views[key.id])


@ROUTES.post("/api-keys/by-ids", needs="hub:admin")
async def by_ids(body: ByIds, caller: Caller, database: Db) -> list[ApiKeyView]:
    """Many keys at once. Keys of hubs that the caller does not look after are left out."""
    found = await store.by_ids(database, body.ids)
    own = [key for key in found if await commands.may_manage(database, caller, key)]
    return await key_views(database, own, now=clock.now())


@ROUTES.post("/api-keys/{key_id}/rotate", needs="hub:admin")
async def rotate(key_id: str, caller: Caller, database: Db, body: RotateApiKey | None = None) -> NewApiKeyView:
    """Give a key a new secret. Only this answer contains it."""
    overlap = timedelta(seconds=(body or RotateApiKey()).overlap_seconds)
    return await commands.rotate_api_key(database, caller, key_id, overlap, now=clock.now())


@ROUTES.post("/api-keys/{key_id}/revoke", needs="hub:admin")
async def revoke(key_id: str, caller: Caller, database: Db) -> ApiKeyView:
    """Revoke a key."""
    now = clock.now()
    revoked = await commands.revoke_api_key(database, caller, key_id, now=now)
    return revoked.view(revoked.stop_reason(now))
