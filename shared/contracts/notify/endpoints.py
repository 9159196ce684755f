"""Webhook endpoints: where a hub's developers are sent messages."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from shared.contracts.membership.hubs import HubId
from shared.contracts.view import View
from shared.enums import Described
from shared.ids import IdType
from shared.messaging.envelope import Message
from shared.values import CLEAN_OR_EMPTY, UNCHANGED, URL, Changes, Input

EndpointId = Annotated[str, IdType("whe")]
DEFAULT_OVERLAP_SECONDS = 86_400
LONGEST_OVERLAP_SECONDS = 7 * 86_400
UrlText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), URL]
Topics = Annotated[list[Annotated[str, StringConstraints(max_length=100)]], Field(max_length=100)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), CLEAN_OR_EMPTY]


class EndpointStatus(Described):
    """Whether an endpoint is sent messages, now or later."""

    ENABLED = "enabled", "It is sent each message as it comes."
    PAUSED = "paused", "Messages wait for it, and are sent when it is enabled again."
    DISABLED = "disabled", "It is sent nothing; what waited is cancelled, and later messages are never sent to it."


class DisabledReason(Described):
    """Why an endpoint is disabled."""

    STOPPED = "stopped", "Someone who looks after the hub disabled it."
    GONE = "gone", "It answered 410 (gone)."
    FAILING = "failing", "No attempt had succeeded for five days."


class WebhookPinged(Message):
    """Someone asked to see whether an endpoint hears us. Sent to that endpoint alone."""

    topic: ClassVar[str] = "notify.webhook_pinged"
    to_one: ClassVar[bool] = True
    public: ClassVar[bool] = False
    broadcast: ClassVar[bool] = True
    endpoint_id: EndpointId


class EndpointDisabled(Message):
    """An endpoint is sent nothing more: it said it is gone, or failed for too long, or its owner stopped it."""

    topic: ClassVar[str] = "notify.endpoint_disabled"
    endpoint_id: EndpointId
    hub_id: HubId
    reason: str


class EndpointDeleted(Message):
    """An endpoint was deleted: it is sent nothing more. What was sent there can still be read for 90 days."""

    topic: ClassVar[str] = "notify.endpoint_deleted"
    endpoint_id: EndpointId
    hub_id: HubId


class NewEndpoint(Input):
    """A new endpoint."""

    hub_id: HubId
    url: UrlText
    topics: Topics = Field(default_factory=list)
    description: Description | None = None


class EndpointChanges(Changes):
    """The changes to an endpoint. Fields that are left out stay as they are."""

    url: UrlText = UNCHANGED
    topics: Topics = UNCHANGED
    description: Description | None = None
    status: EndpointStatus = UNCHANGED


class SecretRotation(Input):
    """How long the old secret goes on signing beside the new one."""

    overlap_seconds: Annotated[int, Field(strict=True, ge=0, le=LONGEST_OVERLAP_SECONDS)] = DEFAULT_OVERLAP_SECONDS


class EndpointView(View):
    """A webhook endpoint, without its secrets. No topics: all public ones."""

    id: EndpointId
    hub_id: HubId
    url: Annotated[str, URL]
    description: str | None
    topics: list[str]
    status: EndpointStatus
    disabled_reason: DisabledReason | None
    created_at: datetime
    version: int


class EndpointSecretView(View):
    """An endpoint with its newest secret, which is shown only now (`whsec_…`)."""

    endpoint: EndpointView
    secret: str
