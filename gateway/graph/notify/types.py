"""How word gets out: webhook endpoints, deliveries, and the log of public messages."""

from datetime import datetime

from strawberry.scalars import JSON

from gateway.graph.shapes import Node, about, shown
from shared.contracts.notify.deliveries import DeliveryStatus
from shared.contracts.notify.endpoints import EndpointStatus


@shown
class WebhookEndpoint(Node):
    """Where a hub's developers are sent messages."""

    url: str
    description: str | None
    topics: list[str] = about("The topics it is sent; none means all public ones.")
    status: EndpointStatus
    disabled_reason: str | None
    created_at: datetime
    version: int


@shown
class DeliveryAttempt:
    """One try: what the receiver answered, or what went wrong, and how long it took."""

    number: int
    at: datetime
    status: int | None = about("The HTTP status.")
    milliseconds: int
    reply: str | None = about("The first 16 kB of the answer.")
    error: str | None


@shown
class WebhookDelivery(Node):
    """One message for one endpoint."""

    topic: str
    status: DeliveryStatus
    attempts: list[DeliveryAttempt]
    next_attempt_at: datetime | None
    created_at: datetime
    version: int


@shown
class Message(Node):
    """A public message as it stands in the one log."""

    sequence: int = about("Counts up by one; there are no gaps.")
    topic: str
    type: str
    subject: str
    time: datetime
    envelope: JSON = about("The CloudEvents 1.0 document, as webhooks deliver it.")
