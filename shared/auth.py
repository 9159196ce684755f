"""Who is calling, and how a service knows it: principals, scopes and the internal token.

The gateway sends a token with every request: it names the caller, is signed for one service and is valid for 60 s.
Access to the network alone therefore permits nothing. Every route is closed unless a scope opens it.
"""

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Literal

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pydantic import BaseModel, ConfigDict, ValidationError

from shared.errors import NotAllowed, NotFound, NotSignedIn

ScopeName = Literal[
    "directory:read",
    "members:sync",
    "events:read",
    "events:write",
    "learning:read",
    "learning:write",
    "webhooks:manage",
    "hub:admin",
    "community:admin",
]
"""The values of `shared.enums.Scope` as plain text, so that a type checker reads `needs="events:write"`."""
SCOPES: tuple[ScopeName, ...] = ScopeName.__args__  # type: ignore[attr-defined]
PERSON_SCOPES: frozenset[str] = frozenset(
    {"directory:read", "events:read", "events:write", "learning:read", "learning:write"}
)
TOKEN_SECONDS = 60


class Principal(BaseModel):
    """Who is calling: a person, a client (API key), a service of Mycelium, or an anonymous caller.

    `hubs`: the hubs it belongs to (a client: its hub and all below). `groups` maps each group it belongs to onto the
    group's hub. `steward_of`: the hubs it may manage (descendants included). `convenes`: the groups it may manage.
    `everywhere`: an operator, who may manage every hub and group. `superseded`: the caller sent the old secret of a
    rotated key. `belonging_version`: how often the hubs and groups of a person had changed when this was read; 0 when
    that is not known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["person", "client", "service", "anonymous"]
    id: str
    scopes: frozenset[str] = frozenset()
    hubs: frozenset[str] = frozenset()
    groups: Mapping[str, str] = {}
    steward_of: frozenset[str] = frozenset()
    convenes: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    everywhere: bool = False
    superseded: bool = False
    belonging_version: int = 0
    session: str | None = None

    @property
    def person_id(self) -> str | None:
        """The id of the calling person; `None` for a client, a service and an anonymous caller."""
        return self.id if self.kind == "person" else None

    def can(self, scope: ScopeName) -> bool:
        """Whether the caller has the scope; `community:admin` includes all scopes."""
        return scope in self.scopes or "community:admin" in self.scopes

    def require(self, scope: ScopeName) -> None:
        """Raise `NotSignedIn` for an anonymous caller, `NotAllowed` (`scope_missing`) for one without the scope."""
        if self.kind == "anonymous":
            raise NotSignedIn
        if not self.can(scope):
            raise NotAllowed(code="scope_missing", message=f"This needs the scope `{scope}`.")

    def require_person(self) -> str:
        """The calling person's id. Raises `NotSignedIn` for an anonymous caller, `NotAllowed` for other kinds."""
        if self.kind == "anonymous":
            raise NotSignedIn
        if self.kind != "person":
            raise NotAllowed(code="person_needed", message="Only a signed-in person can do this.")
        return self.id

    def require_newest_secret(self) -> None:
        """Raise `NotAllowed` for the old secret of a rotated key: it may not create anything that outlives it."""
        if self.superseded:
            raise NotAllowed(
                code="key_rotated", message="This key was rotated, and its old secret cannot do this. Use the new one."
            )

    def belongs_to_hub(self, hub_id: str | None) -> bool:
        """Whether the caller may see what is meant for this hub."""
        return self.everywhere or (hub_id is not None and (hub_id in self.hubs or hub_id in self.steward_of))

    def belongs_to_group(self, group_id: str | None) -> bool:
        """Whether the caller may see what is meant for this group's members. A steward need not be a member."""
        return self.everywhere or (group_id is not None and group_id in self.groups)

    def looks_after_hub(self, hub_id: str | None) -> bool:
        """Whether the caller may change things of this hub (scopes decide which)."""
        return self.everywhere or (hub_id is not None and hub_id in self.steward_of)

    def looks_after(self, hub_id: str | None, group_id: str | None = None) -> bool:
        """Whether the caller may change things of this hub, or of this group in it."""
        return self.looks_after_hub(hub_id) or (group_id is not None and group_id in self.convenes)

    def require_hub(self, hub_id: str | None) -> None:
        """Raise `NotFound` (as if the hub did not exist) unless the caller may manage the hub."""
        if not self.looks_after_hub(hub_id):
            raise NotFound


ANONYMOUS = Principal(kind="anonymous", id="anonymous")


def service_principal(name: str) -> Principal:
    """The principal of a service that acts for itself: the gateway checks a key, notify reads a mail address."""
    return Principal(kind="service", id=name)


class InternalTokens:
    """Issues and verifies internal tokens: HS256, one key for each audience, `aud` is the service, valid for 60 s.

    The keys are derived from the deployment's secret (RFC 5869's extract step, HMAC-SHA256), so that no service
    accepts a token for another one.
    """

    algorithm = "HS256"

    def __init__(self, secret: bytes, issuer: str) -> None:
        self._secret = secret
        self._issuer = issuer
        self._keys: dict[str, OctKey] = {}
        self._made: OrderedDict[tuple[str, str], tuple[float, str]] = OrderedDict()
        self._seen: OrderedDict[tuple[str, str], tuple[float, Principal]] = OrderedDict()

    def _key(self, audience: str) -> OctKey:
        key = self._keys.get(audience)
        if key is None:
            raw = hmac.new(self._secret, f"mycelium-internal:{audience}".encode(), hashlib.sha256).digest()
            key = self._keys[audience] = OctKey.import_key(raw)
        return key

    def issue(self, principal: Principal, audience: str) -> str:
        """A token that tells `audience` who is calling. A token issued less than 30 s ago is used again."""
        claim = principal.model_dump_json(exclude_defaults=True)
        now = time.time()
        made = self._made.get((audience, claim))
        if made is not None and made[0] > now - TOKEN_SECONDS / 2:
            return made[1]
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": audience,
            "sub": principal.id,
            "iat": int(now),
            "exp": int(now) + TOKEN_SECONDS,
            "principal": claim,
        }
        token = jwt.encode({"alg": self.algorithm}, claims, self._key(audience), algorithms=[self.algorithm])
        _remember(self._made, (audience, claim), (now, token))
        return token

    def verify(self, token: str, audience: str) -> Principal:
        """The principal in a token issued for `audience`. Raises `NotSignedIn` when the token is not valid for it."""
        now = time.time()
        seen = self._seen.get((audience, token))
        if seen is not None:
            if now < seen[0]:
                return seen[1]
            raise NotSignedIn(code="token_expired", message="The internal token has expired.")
        try:
            decoded = jwt.decode(token, self._key(audience), algorithms=[self.algorithm])
            jwt.JWTClaimsRegistry(
                now=int(now),
                leeway=5,
                aud={"essential": True, "value": audience},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
            ).validate(decoded.claims)
            if decoded.claims["exp"] - decoded.claims["iat"] > TOKEN_SECONDS:
                raise NotSignedIn(code="token_too_long", message="The internal token lives too long.")
            principal = Principal.model_validate_json(decoded.claims["principal"])
        except (JoseError, ValidationError, ValueError, KeyError, TypeError):
            raise NotSignedIn(code="token_refused", message="The internal token is not accepted.") from None
        _remember(self._seen, (audience, token), (float(decoded.claims["exp"]), principal))
        return principal


def _remember(cache: "OrderedDict[tuple[str, str], Any]", key: tuple[str, str], value: Any) -> None:
    cache[key] = value
    cache.move_to_end(key)
    while len(cache) > 2048:
        cache.popitem(last=False)
