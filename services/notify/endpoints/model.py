"""A webhook endpoint and its rules. Pure."""

from collections.abc import Callable
from datetime import datetime, timedelta

from shared.contracts.notify.endpoints import DisabledReason, EndpointChanges, EndpointStatus
from shared.errors import Conflict
from shared.values import Stored

FAILING_AT_MOST = timedelta(days=5)
MOST_SECRETS = 5

Seal = Callable[[str, str], bytes]
"""Takes a secret and the id of its endpoint, gives what may be stored."""


class EndpointIsDisabled(Conflict):
    """Nothing is sent to a disabled endpoint."""

    code = "endpoint_disabled"
    message = "This endpoint is disabled. Enable it first."


class SecretsStillOverlap(Conflict):
    """So many old secrets still sign that another would make the signature header too long."""

    code = "secrets_still_overlap"
    message = f"{MOST_SECRETS} secrets of this endpoint are valid now. Wait for one to end, or give a shorter overlap."


class TooManyEndpoints(Conflict):
    """The hub has as many endpoints as a hub may have."""

    code = "too_many_endpoints"
    message = "This hub has as many webhook endpoints as a hub may have. Delete one of them first."


class EndpointIsDeleted(Conflict):
    """The endpoint of a delivery is not there any more."""

    code = "endpoint_deleted"
    message = "This endpoint was deleted, so nothing can be sent there again."


class SealedSecret(Stored):
    """A signing secret as it is kept. No end: it is the newest."""

    sealed: bytes
    expires_at: datetime | None = None

    def signs_at(self, now: datetime) -> bool:
        """Whether it signs at this moment."""
        return self.expires_at is None or now < self.expires_at


class Endpoint(Stored):
    """Where messages of a hub, and of the hubs below it, are sent. `failing_since`: no success since then."""

    id: str
    hub_id: str
    url: str
    description: str | None = None
    topics: tuple[str, ...]
    status: EndpointStatus = EndpointStatus.ENABLED
    disabled_reason: DisabledReason | None = None
    secrets: tuple[SealedSecret, ...]
    failing_since: datetime | None = None
    created_at: datetime
    version: int = 1

    def live_secrets(self, now: datetime) -> tuple[SealedSecret, ...]:
        """The secrets that sign at this moment, newest first."""
        return tuple(secret for secret in self.secrets if secret.signs_at(now))

    def has_failed_too_long(self, now: datetime) -> bool:
        """Whether it has answered nothing well for so long that we stop trying."""
        return self.failing_since is not None and now - self.failing_since >= FAILING_AT_MOST

    def with_secret(self, sealed: bytes, overlap: timedelta, now: datetime) -> "Endpoint":
        """The endpoint with a new secret; the others sign for `overlap` more at most. Raises `SecretsStillOverlap`."""
        until = now + overlap
        older = [
            secret.model_copy(update={"expires_at": min(secret.expires_at or until, until)})
            for secret in self.live_secrets(now)
        ]
        older = [secret for secret in older if secret.signs_at(now)]
        if len(older) >= MOST_SECRETS:
            raise SecretsStillOverlap
        return self._changed(secrets=(SealedSecret(sealed=sealed), *older))

    def edited(self, changes: EndpointChanges) -> "Endpoint":
        """The endpoint with these changes. A new address, or being enabled again, wipes the failures of before."""
        fields = changes.sent()
        status = fields.pop("status", self.status)
        if "topics" in fields:
            fields["topics"] = tuple(fields["topics"])
        if "description" in fields:
            fields["description"] = fields["description"] or None
        if fields.get("url", self.url) != self.url:
            fields["failing_since"] = None
        if status is not self.status:
            fields |= {"status": status, "disabled_reason": None}
            if status is EndpointStatus.DISABLED:
                fields["disabled_reason"] = DisabledReason.STOPPED
            elif status is EndpointStatus.ENABLED:
                fields["failing_since"] = None
        return self._changed(**fields)

    def disabled(self, reason: DisabledReason) -> "Endpoint":
        """The endpoint, sent nothing more."""
        return self._changed(status=EndpointStatus.DISABLED, disabled_reason=reason)

    def _changed(self, **changes: object) -> "Endpoint":
        return self.model_copy(update={**changes, "version": self.version + 1})


class DeletedEndpoint(Stored):
    """What stays of a deleted endpoint while its deliveries can be read: whose it was."""

    id: str
    hub_id: str
    deleted_at: datetime
