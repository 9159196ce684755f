"""Deliveries: one message for one webhook endpoint, with every attempt."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from shared.contracts.membership.hubs import HubId
from shared.contracts.notify.endpoints import EndpointId
from shared.contracts.view import View
from shared.ids import IdType

DeliveryId = Annotated[str, IdType("dlv")]


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


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
