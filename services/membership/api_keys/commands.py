"""Creating, rotating and revoking API keys. A key never opens more than its grantors may, and never for longer.

This module checks that when a secret is granted; `services.membership.principals.keys` checks it at each use.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.membership.api_keys import store
from services.membership.api_keys.grantors import grantors_for
from services.membership.api_keys.model import (
    MOST_KEYS_OF_A_HUB,
    ApiKey,
    OutlivesItsMaker,
    ScopesNotYours,
    TooManyKeys,
    expect_scopes,
    new_api_key,
    new_key_id,
)
from services.membership.hubs import store as hubs
from services.membership.hubs.access import looks_after
from services.membership.hubs.commands import get_looked_after
from shared.auth import SCOPES, Principal
from shared.commands import in_transaction
from shared.contracts.membership.api_keys import ApiKeyCreated, ApiKeyRevoked, ApiKeyRotated, NewApiKey, NewApiKeyView
from shared.errors import NotAllowed, NotFound, NotSignedIn
from shared.keys import new_key
from shared.mongo import Database, Transaction


@in_transaction()
async def create_api_key(tx: Transaction, principal: Principal, new: NewApiKey, *, now: datetime) -> NewApiKeyView:
    """Create a key for a hub that the caller looks after, or for the whole community. The secret is shown only now.

    A key that another key creates ends no later than that key. Raises `OutlivesItsMaker`, `TooManyKeys`,
    `ScopesNotYours`, `Invalid` for unknown scopes and a bad end, `NotFound` for the hub, `NotSignedIn` when the calling
    key is over, and `NotAllowed` for an old secret and when somebody other than an operator names no hub.
    """
    principal.require_newest_secret()
    expect_scopes(new.scopes, new.hub_id)
    _expect_own(principal, new.scopes)
    if new.hub_id is not None:
        await get_looked_after(tx.database, principal, new.hub_id, ("hub_id",))
    elif not _is_operator(principal):
        raise NotAllowed(
            code="hub_needed",
            message="Name the hub that the key is for. Only an operator can create a key for the whole community.",
            path=("hub_id",),
        )
    if new.hub_id is not None and await store.count_open(tx.database, new.hub_id, now) >= MOST_KEYS_OF_A_HUB:
        raise TooManyKeys(path=("hub_id",))
    maker = await _calling_key(tx.database, principal, now)
    key_id = new_key_id()
    text = new_key(key_id)
    end = new.expires_at or (maker.expires_at if maker else None)
    grantors = await grantors_for(tx.database, principal, maker, key_id)
    key = new_api_key(new.model_copy(update={"expires_at": end}), key_id, text, principal.id, grantors, now)
    if maker is not None and key.outlives(maker):
        raise OutlivesItsMaker(path=("expires_at",))
    if maker is not None:
        await store.touch_maker(tx.database, maker.id)
    await store.add(tx.database, key)
    tx.record(ApiKeyCreated(key_id=key.id, hub_id=key.hub_id), subject=key.id, hub=key.hub_id)
    return NewApiKeyView(key=key.view(None), secret=text)


@in_transaction()
async def rotate_api_key(
    tx: Transaction, principal: Principal, key_id: str, overlap: timedelta, *, now: datetime
) -> NewApiKeyView:
    """Give a key a new secret, which is shown only now. The old secret works until the overlap is over.

    The new secret depends on the caller and no longer on the old grantors. So a steward can take over the key of a
    steward who leaves.

    Raises `NotFound`, `KeyRevoked`, `KeyExpired`, `TooManySecrets`, `NotAllowed` for an old secret; and
    `ScopesNotYours` and `OutlivesItsMaker`, because the new secret opens all that the key opens, as long as it lasts.
    """
    principal.require_newest_secret()
    key = await get_looked_after_key(tx.database, principal, key_id)
    _expect_own(principal, key.scopes)
    caller = await _calling_key(tx.database, principal, now)
    if caller is not None and key.outlives(caller):
        raise OutlivesItsMaker
    text = new_key(key_id)
    grantors = await grantors_for(tx.database, principal, caller, key_id)
    rotated = key.rotated(text, grantors, overlap, now)
    await store.save(tx.database, rotated)
    tx.record(
        ApiKeyRotated(key_id=key.id, hub_id=key.hub_id, overlap_until=now + overlap),
        subject=key.id,
        hub=key.hub_id,
    )
    return NewApiKeyView(key=rotated.view(None), secret=text)


@in_transaction()
async def revoke_api_key(tx: Transaction, principal: Principal, key_id: str, *, now: datetime) -> ApiKey:
    """Revoke a key, all keys that it created, all keys that those created, and so on.

    Whoever had the secret of the key may have the secrets of the others. A key that is revoked already
    stays as it is. Raises `NotFound`.
    """
    key = await get_looked_after_key(tx.database, principal, key_id)
    if key.revoked_at is None:
        key = await _revoke(tx, key, now)
    makers = [key]
    while makers:
        makers = await store.made_by(tx.database, [maker.id for maker in makers])
        for made in makers:
            if not made.is_over(now):
                await _revoke(tx, made, now)
    return key


async def get_looked_after_key(database: Database, principal: Principal, key_id: str) -> ApiKey:
    """A key whose hub the caller looks after. Raises `NotFound` for any other key."""
    key = await store.get(database, key_id)
    if not await may_manage(database, principal, key):
        raise NotFound
    return key


async def may_manage(database: Database, principal: Principal, key: ApiKey) -> bool:
    """Whether the caller looks after the key's hub. For a key of the whole community: whether they are an operator."""
    if principal.looks_after_hub(key.hub_id):
        return True
    hub = await hubs.find(database, key.hub_id) if key.hub_id else None
    return hub is not None and looks_after(principal, hub)


async def _revoke(tx: Transaction, key: ApiKey, now: datetime) -> ApiKey:
    """Save the key as revoked and record `ApiKeyRevoked`."""
    revoked = key.revoked(now)
    await store.save(tx.database, revoked)
    tx.record(ApiKeyRevoked(key_id=key.id, hub_id=key.hub_id), subject=key.id, hub=key.hub_id)
    return revoked


async def _calling_key(database: Database, principal: Principal, now: datetime) -> ApiKey | None:
    """The key that is calling; `None` for a person and for the operator's tools.

    Raises `NotSignedIn` when the key is over: it may have ended after the gateway checked it.
    """
    key = await store.find(database, principal.id) if principal.kind == "client" else None
    if key is not None and key.is_over(now):
        raise NotSignedIn
    return key


def _is_operator(principal: Principal) -> bool:
    return principal.everywhere and principal.can("community:admin")


def _expect_own(principal: Principal, scopes: Iterable[str]) -> None:
    own = frozenset(scope for scope in SCOPES if principal.can(scope))
    for position, scope in enumerate(scopes):
        if scope not in own:
            raise ScopesNotYours(path=("scopes", position))
