"""What an API key opens now: what it was made for, as far as every grantor of its secret may still do that."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.membership.api_keys import store as api_keys
from services.membership.api_keys.grantors import grantors_of, key_principal
from services.membership.api_keys.model import ApiKey
from services.membership.hubs import store as hubs
from services.membership.principals.introspection import Introspection
from services.membership.principals.model import HUBS, CredentialRefused
from services.membership.principals.people import person_principal
from shared.auth import SCOPES, Principal
from shared.contracts.membership.api_keys import ApiKeyStopReason
from shared.ids import prefix_of
from shared.keys import parse_key
from shared.mongo import Database


@dataclass
class Rights:
    """What people and keys may do at one moment. Each is read once, however many keys depend on it."""

    database: Database
    now: datetime
    _principals: dict[str, Principal | None] = field(default_factory=dict)
    _below: dict[str, frozenset[str]] = field(default_factory=dict)

    async def of_person(self, person_id: str) -> Principal | None:
        """The person as a caller; `None` when there is no such person."""
        if person_id not in self._principals:
            try:
                self._principals[person_id] = await person_principal(self.database, person_id, self.now)
            except CredentialRefused:
                self._principals[person_id] = None
        return self._principals[person_id]

    async def of_key(self, key: ApiKey) -> Principal | None:
        """What the key was made for; `None` when it is revoked or has expired."""
        if key.hub_id is not None and key.hub_id not in self._below:
            self._below[key.hub_id] = frozenset(await hubs.ids_at_or_below(self.database, [key.hub_id]))
        return key_principal(key, self._below[key.hub_id] if key.hub_id else frozenset(), self.now)

    async def of_secret(self, key: ApiKey, grantors: Sequence[str]) -> tuple[Principal, list[datetime | None]] | None:
        """What a secret with these grantors opens, and when those grantors that are keys end. `None` for nothing."""
        principal = await self.of_key(key)
        keys = {one.id: one for one in await api_keys.by_ids(self.database, grantors)}
        for grantor in grantors:
            limit = None
            if prefix_of(grantor) == "per":
                limit = await self.of_person(grantor)
            elif grantor in keys:
                limit = await self.of_key(keys[grantor])
            if principal is None or limit is None:
                return None
            principal = _both(principal, limit)
        if principal is None or (key.hub_id is not None and not principal.steward_of):
            return None
        return principal, [one.expires_at for one in keys.values()]


async def introspect_key(database: Database, text: str, now: datetime) -> Introspection:
    """The caller that this text of a key stands for. Raises `CredentialRefused` when it opens nothing, or no longer."""
    parsed = parse_key(text)
    key = await api_keys.find(database, parsed.key_id) if parsed else None
    secret = key.opened_by(text, now) if key else None
    if key is None or secret is None:
        raise CredentialRefused
    grantors = await grantors_of(database, key, secret)
    opened = await Rights(database, now).of_secret(key, grantors)
    if opened is None:
        raise CredentialRefused
    principal, grantor_ends = opened
    await api_keys.note_use(database, key, now)
    ends = [end for end in (key.ends_at(secret), *grantor_ends) if end is not None]
    return Introspection(
        principal=principal.model_copy(update={"superseded": secret.until is not None}),
        expires_at=min(ends, default=None),
        depends_on=[key.id, *([HUBS] if key.hub_id else []), *grantors],
    )


async def stop_reason(rights: Rights, key: ApiKey) -> ApiKeyStopReason | None:
    """Why the newest secret of the key opens nothing now; `None` while it opens something."""
    own_reason = key.stop_reason(rights.now)
    if own_reason is not None:
        return own_reason
    grantors = await grantors_of(rights.database, key, key.secrets[0])
    return ApiKeyStopReason.GRANTOR_LOST_RIGHTS if await rights.of_secret(key, grantors) is None else None


def _both(principal: Principal, limit: Principal) -> Principal:
    """The principal, limited to what a grantor may do. An operator, as a grantor, looks after every hub."""
    hubs = principal.steward_of if limit.everywhere else principal.steward_of & limit.steward_of
    return principal.model_copy(
        update={
            "scopes": frozenset(scope for scope in SCOPES if scope in principal.scopes and limit.can(scope)),
            "hubs": hubs,
            "steward_of": hubs,
            "everywhere": principal.everywhere and limit.everywhere,
        }
    )
