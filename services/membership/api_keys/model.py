"""API keys: what a key opens and which secrets it has. A secret is shown once and stored as a hash."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from shared.contracts.membership.api_keys import ApiKeyStopReason, ApiKeyView, KeyId, NewApiKey
from shared.contracts.membership.hubs import HubId
from shared.errors import Conflict, Invalid, NotAllowed
from shared.ids import new_id
from shared.keys import key_prefix
from shared.values import Stored

LONGEST_LIFE = timedelta(days=3660)
MOST_SECRETS = 8
MOST_KEYS_OF_A_HUB = 100
USE_NOTED_EVERY = timedelta(minutes=1)


class ScopesNotYours(NotAllowed):
    """The caller would grant a scope that they do not have."""

    code = "scopes_not_yours"
    message = "A key cannot open more than whoever creates or rotates it may open."


class OutlivesItsMaker(Invalid):
    """A key would create or rotate a key that ends later than itself."""

    code = "outlives_its_maker"
    message = "The calling key cannot create or rotate a key that ends later than itself."


class KeyRevoked(Conflict):
    """The key was revoked for good."""

    code = "key_revoked"
    message = "This key is revoked. Make a new one."


class KeyExpired(Conflict):
    """The key has reached its end, so a new secret would open nothing."""

    code = "key_expired"
    message = "This key has expired. Make a new one."


class TooManyKeys(Conflict):
    """The hub has as many working keys as it may have. The limit lets one transaction revoke all keys a key has
    created."""

    code = "too_many_keys"
    message = f"A hub can have at most {MOST_KEYS_OF_A_HUB} working keys. Revoke those that nobody uses."


class TooManySecrets(Conflict):
    """The key was rotated so often that too many old secrets still work."""

    code = "too_many_secrets"
    message = "Too many old secrets of this key still work. Rotate with a shorter overlap."


class KeySecret(Stored):
    """A secret, as a hash. `until`: when it stops working; `None` for the newest.

    `given_by`: the ids of its grantors (see `grantors.py`); `None` when it was granted before they were noted.
    """

    hash: str
    until: datetime | None = None
    given_by: list[str] | None = None

    def works(self, now: datetime) -> bool:
        """Whether the secret still works."""
        return self.until is None or self.until > now


class ApiKey(Stored):
    """A key. `secrets`: the newest first, then old ones that still work. `made_by`: the id of whoever created it."""

    id: KeyId
    name: str
    hub_id: HubId | None = None
    scopes: list[str]
    secrets: list[KeySecret]
    made_by: str
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    rotated_at: datetime | None = None
    revoked_at: datetime | None = None
    version: int = 1

    def opened_by(self, text: str, now: datetime) -> KeySecret | None:
        """The secret that this text is, if it works now and the key is not over; else `None`."""
        if self.is_over(now):
            return None
        hashed = secret_hash(text)
        return next((s for s in self.secrets if hmac.compare_digest(s.hash, hashed) and s.works(now)), None)

    def ends_at(self, secret: KeySecret) -> datetime | None:
        """When this secret or the key ends, whichever is sooner; `None` when neither has an end."""
        return min((end for end in (secret.until, self.expires_at) if end is not None), default=None)

    def rotated(self, text: str, grantors: list[str], overlap: timedelta, now: datetime) -> "ApiKey":
        """The key with a new secret. No old secret works beyond the overlap.

        Raises `KeyRevoked`, `KeyExpired`, `TooManySecrets`.
        """
        if self.revoked_at is not None:
            raise KeyRevoked
        if self.is_over(now):
            raise KeyExpired
        until = now + overlap
        old = [s.model_copy(update={"until": min(s.until or until, until)}) for s in self.secrets if s.works(now)]
        old = [secret for secret in old if secret.works(now)]
        if len(old) >= MOST_SECRETS:
            raise TooManySecrets(path=("overlap_seconds",))
        secrets = [KeySecret(hash=secret_hash(text), given_by=grantors), *old]
        return self.model_copy(update={"secrets": secrets, "rotated_at": now, "version": self.version + 1})

    def revoked(self, now: datetime) -> "ApiKey":
        """The key, revoked now: without secrets."""
        return self.model_copy(update={"secrets": [], "revoked_at": now, "version": self.version + 1})

    def is_over(self, now: datetime) -> bool:
        """Whether it is revoked or has expired, so that none of its secrets opens anything."""
        return self.stop_reason(now) is not None

    def stop_reason(self, now: datetime) -> ApiKeyStopReason | None:
        """Why the key itself opens nothing now, whatever its grantors may do; `None` when it is neither revoked nor
        expired."""
        if self.revoked_at is not None:
            return ApiKeyStopReason.REVOKED
        if self.expires_at is not None and self.expires_at <= now:
            return ApiKeyStopReason.EXPIRED
        return None

    def outlives(self, other: "ApiKey") -> bool:
        """Whether this key ends later than the other one."""
        return other.expires_at is not None and (self.expires_at is None or self.expires_at > other.expires_at)

    def view(self, stopped_reason: ApiKeyStopReason | None) -> ApiKeyView:
        """The key without its secrets. `stopped_reason`: why its newest secret opens nothing now."""
        return ApiKeyView.of(self, prefix=key_prefix(self.id), stopped_reason=stopped_reason)


def new_api_key(new: NewApiKey, key_id: str, text: str, made_by: str, grantors: list[str], now: datetime) -> ApiKey:
    """A new key with the secret `text`. Raises `Invalid` when its end is past or more than ten years away."""
    if new.expires_at is not None and not now < new.expires_at <= now + LONGEST_LIFE:
        raise Invalid(
            code="bad_expiry", message="The end of a key must be in the future, within ten years.", path=("expires_at",)
        )
    return ApiKey(
        id=key_id,
        name=new.name,
        hub_id=new.hub_id,
        scopes=new.scopes,
        secrets=[KeySecret(hash=secret_hash(text), given_by=grantors)],
        made_by=made_by,
        created_at=now,
        expires_at=new.expires_at.astimezone(now.tzinfo) if new.expires_at else None,
    )


def expect_scopes(scopes: Iterable[str], hub_id: str | None) -> None:
    """Raise `Invalid` for the operator's scope on a key of a hub."""
    for position, scope in enumerate(scopes):
        if scope == "community:admin" and hub_id is not None:
            raise Invalid(
                code="scope_beyond_hub",
                message="A hub's key cannot have the scope `community:admin`.",
                path=("scopes", position),
            )


def new_key_id() -> str:
    """A new id for a key."""
    return new_id("key")


def secret_hash(text: str) -> str:
    """The hash under which a key's text is stored. A key has 238 random bits, so no slow hash is needed."""
    return hashlib.sha256(text.encode()).hexdigest()
