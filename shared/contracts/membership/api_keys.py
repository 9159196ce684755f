"""API keys of hubs and partners."""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from shared.contracts.membership.hubs import HubId
from shared.contracts.view import View
from shared.enums import Described, Scope
from shared.ids import IdType
from shared.messaging.envelope import Message
from shared.values import Input, Line, Moment

KeyId = Annotated[str, IdType("key")]
LONGEST_OVERLAP = timedelta(days=7)
USUAL_OVERLAP = timedelta(days=1)


class ApiKeyStopReason(Described):
    """Why an API key opens nothing now."""

    REVOKED = "revoked", "Somebody revoked it. It never works again."
    EXPIRED = "expired", "Its time is over. It never works again."
    GRANTOR_LOST_RIGHTS = (
        "grantor_lost_rights",
        "Somebody on whom its secret depends may no longer do what the key opens. It works again when they may again, "
        "or when somebody else rotates it.",
    )


class ApiKeyCreated(Message):
    """An API key was created."""

    topic: ClassVar[str] = "membership.api_key_created"
    key_id: KeyId
    hub_id: HubId | None


class ApiKeyRotated(Message):
    """An API key has a new secret. The old one works until `overlap_until`."""

    topic: ClassVar[str] = "membership.api_key_rotated"
    key_id: KeyId
    hub_id: HubId | None
    overlap_until: datetime


class ApiKeyRevoked(Message):
    """An API key was revoked. It never works again."""

    topic: ClassVar[str] = "membership.api_key_revoked"
    key_id: KeyId
    hub_id: HubId | None


def _sorted(scopes: list[Scope]) -> list[Scope]:
    return sorted(set(scopes))


class NewApiKey(Input):
    """A key to create. Without `hub_id` it is for the whole community; only an operator creates such a key."""

    name: Line
    hub_id: HubId | None = None
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=20), AfterValidator(_sorted)]
    expires_at: Moment | None = None


class RotateApiKey(Input):
    """For how many seconds the old secret still works."""

    overlap_seconds: Annotated[int, Field(ge=0, le=int(LONGEST_OVERLAP.total_seconds()), strict=True)] = int(
        USUAL_OVERLAP.total_seconds()
    )


class ApiKeyView(View):
    """A key without its secret. `prefix` is what may be shown: `myc_live_<id>`. `stopped_reason`: why its newest secret
    opens nothing now; null while it opens something."""

    id: KeyId
    name: str
    prefix: str
    hub_id: HubId | None
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    rotated_at: datetime | None
    revoked_at: datetime | None
    stopped_reason: ApiKeyStopReason | None


class NewApiKeyView(View):
    """A key and its secret. The secret is never shown again."""

    key: ApiKeyView
    secret: str
