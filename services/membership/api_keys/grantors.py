"""On whom a secret depends: whoever gave it, and on whom that one depended when giving it.

A secret opens what all of these may open now. They are noted when it is given, so that a key that somebody else takes
over later revives nothing that was made with it before.
"""

from datetime import datetime

from services.membership.api_keys import store
from services.membership.api_keys.model import ApiKey, KeySecret
from shared.auth import Principal
from shared.ids import prefix_of
from shared.mongo import Database


async def grantors_of(database: Database, key: ApiKey, secret: KeySecret) -> list[str]:
    """The ids of the people and keys this secret of the key depends on. An operator's tools are not among them."""
    if secret.given_by is not None:
        return secret.given_by
    found: list[str] = []  # from before they were noted: the key's maker, the maker of that one, and so on
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
    """On whom a new secret of the key `given` depends that this caller gives. `calling`: the key that is calling."""
    if principal.person_id is not None:
        return [principal.person_id]
    if calling is None:
        return []
    before = await grantors_of(database, calling, calling.secrets[0])
    return [grantor for grantor in dict.fromkeys([calling.id, *before]) if grantor != key_id]


def key_principal(key: ApiKey, hubs: frozenset[str], now: datetime) -> Principal | None:
    """What a key may open, itself, when nobody limits it; None when it is over. `hubs`: its own and those below."""
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
