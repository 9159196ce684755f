"""Deliveries: one message for one webhook endpoint, with every attempt."""

from datetime import datetime
from typing import Annotated

from shared.contracts.membership.hubs import HubId
from shared.contracts.notify.endpoints import EndpointId
from shared.contracts.view import View
from shared.enums import Described
from shared.ids import IdType

DeliveryId = Annotated[str, IdType("dlv")]


class DeliveryStatus(Described):
    """Where a delivery stands. Only a pending one is tried (again)."""

    PENDING = "pending", "An attempt is under way or still to come; see `nextAttemptAt`."
    SUCCEEDED = "succeeded", "The receiver answered an attempt with a status from 200 to 299."
    FAILED = "failed", "The last of ten attempts failed, or the receiver answered 410 (gone)."
    CANCELLED = "cancelled", "The endpoint was disabled or deleted before an attempt succeeded."


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
