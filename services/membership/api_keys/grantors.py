"""The grantors of a key's secret: the person or key that granted it, and the grantors of that key at that time.

A secret opens only what all its grantors may open now. They are noted when it is granted. So when somebody else takes
over a key, secrets and keys that were granted with it before still depend on the old grantors.
"""

from datetime import datetime

from services.membership.api_keys import store
from services.membership.api_keys.model import ApiKey, KeySecret
from shared.auth import Principal
from shared.ids import prefix_of
from shared.mongo import Database


async def grantors_of(database: Database, key: ApiKey, secret: KeySecret) -> list[str]:
    """The ids of the people and keys that this secret depends on. The operator's tools are never among them."""
    if secret.given_by is not None:
        return secret.given_by
    found: list[str] = []  # granted before grantors were noted: take the key's maker, that one's maker, and so on
    maker: str | None = key.made_by
    while maker is not None and maker not in found:
        if prefix_of(maker) == "per":
            return [*found, maker]
        made = await store.find(database, maker)
        if made is None:
            break
        found.append(maker)
        maker = made.made_by
    return found


async def grantors_for(database: Database, principal: Principal, calling: ApiKey | None, key_id: str) -> list[str]:
    """The grantors of a new secret of the key `key_id` that this caller grants. `calling`: the key that is calling."""
    if principal.person_id is not None:
        return [principal.person_id]
    if calling is None:
        return []
    before = await grantors_of(database, calling, calling.secrets[0])
    return [grantor for grantor in dict.fromkeys([calling.id, *before]) if grantor != key_id]


def key_principal(key: ApiKey, hubs: frozenset[str], now: datetime) -> Principal | None:
    """The key as a caller, before its grantors limit it; `None` when it is over. `hubs`: its hub and those below."""
    if key.is_over(now):
        return None
    return Principal(
        kind="client",
        id=key.id,
        scopes=frozenset(key.scopes),
        hubs=hubs,
        steward_of=hubs,
        everywhere=key.hub_id is None and "community:admin" in key.scopes,
    )
