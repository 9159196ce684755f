"""What notify tells (messages) and shows (views)."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from shared.contracts.view import View
from shared.ids import DeliveryId, EndpointId, HubId
from shared.messaging.envelope import Message, register


class EndpointStatus(StrEnum):
    """Whether an endpoint is sent messages."""

    ENABLED = "enabled"
    PAUSED = "paused"
    DISABLED = "disabled"


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class WebhookPinged(Message):
    """Someone asked to see whether an endpoint hears us. Sent to that endpoint alone."""

    topic: ClassVar[str] = "notify.webhook_pinged"
    public: ClassVar[bool] = False
    broadcast: ClassVar[bool] = True
    endpoint_id: EndpointId


class EndpointDisabled(Message):
    """An endpoint is sent nothing more: it said it is gone, or failed for too long, or its owner stopped it."""

    topic: ClassVar[str] = "notify.endpoint_disabled"
    endpoint_id: EndpointId
    hub_id: HubId
    reason: str


register(WebhookPinged, EndpointDisabled)


class EndpointView(View):
    """A webhook endpoint, without its secrets. No topics: all public ones."""

    id: EndpointId
    hub_id: HubId
    url: str
    description: str | None
    topics: list[str]
    status: EndpointStatus
    disabled_reason: str | None
    created_at: datetime
    version: int


class EndpointSecretView(View):
    """An endpoint and, this once, its newest secret (`whsec_…`)."""

    endpoint: EndpointView
    secret: str


class AttemptView(View):
    """One try: what the receiver answered, or what went wrong, and how long it took."""

    number: int
    at: datetime
    status: int | None
    milliseconds: int
    reply: str | None
    error: str | None


class DeliveryView(View):
    """One message for one endpoint."""

    id: DeliveryId
    endpoint_id: EndpointId
    hub_id: HubId
    message_id: str
    topic: str
    status: DeliveryStatus
    attempts: list[AttemptView]
    next_attempt_at: datetime | None
    replay_of: DeliveryId | None
    created_at: datetime
    version: int


class LoggedMessageView(View):
    """A public message as it stands in the one log. `sequence` has no gaps; `envelope` is the CloudEvents document."""

    id: str
    sequence: int
    topic: str
    type: str
    hub_id: HubId | None
    subject: str
    time: datetime
    envelope: dict[str, Any]


class TopicView(View):
    """A topic developers may subscribe to; `schema` is the JSON Schema of the message's data."""

    topic: str
    type: str
    json_schema: dict[str, Any] = Field(serialization_alias="schema")
