"""A delivery: one message for one endpoint, and each try at it. Pure."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.notify.deliveries import DeliveryStatus
from shared.ids import new_id
from shared.values import Stored


class Attempt(Stored):
    """One try: what was answered, or why nothing was."""

    number: int
    at: datetime
    status: int | None = None
    milliseconds: int
    reply: str | None = None
    error: str | None = None


class Delivery(Stored):
    """One message for one endpoint. `body` is set when the message is not in the log (a ping)."""

    id: str
    endpoint_id: str
    hub_id: str
    message_id: str
    topic: str
    status: DeliveryStatus = DeliveryStatus.PENDING
    attempts: tuple[Attempt, ...] = ()
    next_attempt_at: datetime | None = None
    replay_of: str | None = None
    body: bytes | None = None
    created_at: datetime
    version: int = 1

    def again(self, now: datetime) -> "Delivery":
        """A new delivery of the same message, with the same id and bytes, to the same endpoint."""
        return Delivery(
            id=new_id("dlv"),
            endpoint_id=self.endpoint_id,
            hub_id=self.hub_id,
            message_id=self.message_id,
            topic=self.topic,
            next_attempt_at=now,
            replay_of=self.id,
            body=self.body,
            created_at=now,
        )


def new_delivery(
    endpoint_id: str, hub_id: str, message_id: str, topic: str, now: datetime, body: bytes | None = None
) -> Delivery:
    """A delivery that is due at once."""
    return Delivery(
        id=new_id("dlv"),
        endpoint_id=endpoint_id,
        hub_id=hub_id,
        message_id=message_id,
        topic=topic,
        next_attempt_at=now,
        body=body,
        created_at=now,
    )


@dataclass(frozen=True, slots=True)
class Job:
    """A due delivery in a dispatcher's hands. `token` is the fence of its lease, taken at `since` (monotonic)."""

    delivery_id: str
    endpoint_id: str
    hub_id: str
    message_id: str
    body: bytes
    tries: int
    token: str
    since: float
