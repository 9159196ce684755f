"""What an API key opens now: what it was made for, as far as all those still may on whom its secret depends."""

from collections.abc import Sequence
from datetime import datetime

from services.membership.api_keys import store as api_keys
from services.membership.api_keys.grantors import grantors_of, key_principal
from services.membership.api_keys.model import ApiKey
from services.membership.hubs import store as hubs
from services.membership.principals.introspection import Introspection
from services.membership.principals.model import HUBS, CredentialRefused
from services.membership.principals.people import person_principal
from shared.auth import SCOPES, Principal
from shared.ids import prefix_of
from shared.keys import parse_key
from shared.mongo import Database


async def introspect_key(database: Database, text: str, now: datetime) -> Introspection:
    """Whom this text of a key makes its holder. Raises `CredentialRefused` for one that opens nothing (any more)."""
    parsed = parse_key(text)
    key = await api_keys.find(database, parsed.key_id) if parsed else None
    secret = key.opened_by(text, now) if key else None
    if key is None or secret is None:
        raise CredentialRefused
    grantors = await grantors_of(database, key, secret)
    principal, grantor_ends = await _limited(database, await _own(database, key, now), grantors, now)
    if key.hub_id is not None and not principal.steward_of:
        raise CredentialRefused
    await api_keys.note_use(database, key, now)
    ends = [end for end in (key.ends_at(secret), *grantor_ends) if end is not None]
    return Introspection(
        principal=principal.model_copy(update={"superseded": secret.until is not None}),
        expires_at=min(ends, default=None),
        depends_on=[key.id, *([HUBS] if key.hub_id else []), *grantors],
    )


async def _own(database: Database, key: ApiKey, now: datetime) -> Principal:
    """What the key was made for. Raises `CredentialRefused` for one that is over."""
    below = await hubs.ids_at_or_below(database, [key.hub_id]) if key.hub_id else []
    principal = key_principal(key, frozenset(below), now)
    if principal is None:
        raise CredentialRefused
    return principal


async def _limited(
    database: Database, principal: Principal, grantors: Sequence[str], now: datetime
) -> tuple[Principal, list[datetime | None]]:
    """The principal with no more than each grantor may now, and when the grantors that are keys end.

    Raises `CredentialRefused` when one of them is no more.
    """
    keys = {key.id: key for key in await api_keys.by_ids(database, grantors)}
    for grantor in grantors:
        if prefix_of(grantor) == "per":
            limit = await person_principal(database, grantor, now)
        elif grantor in keys:
            limit = await _own(database, keys[grantor], now)
        else:
            raise CredentialRefused
        principal = _both(principal, limit)
    return principal, [key.expires_at for key in keys.values()]


def _both(principal: Principal, limit: Principal) -> Principal:
    """The principal with what both may. A grantor looks after the hubs it gives a key for; an operator, after all."""
    hubs = principal.steward_of if limit.everywhere else principal.steward_of & limit.steward_of
    return principal.model_copy(
        update={
            "scopes": frozenset(scope for scope in SCOPES if scope in principal.scopes and limit.can(scope)),
            "hubs": hubs,
            "steward_of": hubs,
            "everywhere": principal.everywhere and limit.everywhere,
        }
    )
