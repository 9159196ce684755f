"""Webhook deliveries: one message for one endpoint, with every attempt."""

from datetime import datetime

import strawberry

from gateway.graph.edges import Edge
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.mutation import Mutation, the
from gateway.graph.notify.endpoints import ENDPOINT
from gateway.graph.part import Part
from gateway.graph.shapes import Node, about, graph_input, graph_type
from shared.contracts.notify.deliveries import AttemptView, DeliveryStatus, DeliveryView

DELIVERY = Kind("WebhookDelivery", DeliveryView, "notify", "deliveries")


@graph_type(AttemptView)
class DeliveryAttempt:
    """One try: what the receiver answered, or what went wrong, and how long it took."""

    number: int
    at: datetime
    status: int | None = about("The HTTP status.")
    milliseconds: int
    reply: str | None = about("The first 16 kB of the answer.")
    error: str | None


@graph_type(DeliveryView)
class WebhookDelivery(Node):
    """One message for one endpoint."""

    topic: str
    status: DeliveryStatus
    attempts: list[DeliveryAttempt]
    next_attempt_at: datetime | None
    created_at: datetime
    version: int


@graph_input
class PingWebhookEndpointInput:
    """Send an endpoint a message that says nothing, to see whether it hears."""

    endpoint_id: strawberry.ID = about("The endpoint.", name="endpoint")


@graph_input
class ReplayDeliveryInput:
    """Send a message once more: the same bytes, the same id."""

    delivery_id: strawberry.ID = about("The delivery.", name="delivery")


PART = Part(
    kinds=(DELIVERY,),
    types=(
        DeliveryAttempt,
        WebhookDelivery,
    ),
    edges=(
        Edge("WebhookEndpoint", "deliveries", "WebhookDelivery", by="endpoint"),
        Edge(
            "WebhookDelivery",
            "endpoint",
            "WebhookEndpoint",
            key="endpoint_id",
            about="Where the message is sent, or was; null when that endpoint has been deleted since.",
        ),
        Edge("WebhookDelivery", "hub", "Hub", key="hub_id"),
        Edge("WebhookDelivery", "message", "Message", key="message_id"),
        Edge("WebhookDelivery", "replayOf", "WebhookDelivery", key="replay_of"),
    ),
    queries=(
        Listing(
            name="webhookDeliveries",
            kind=DELIVERY,
            about="What was sent, or is to be sent, newest first.",
            filters=narrowed_by(
                Filter("endpoint", ENDPOINT, about="To this endpoint."),
                Filter("statuses", list[DeliveryStatus], param="status", about="With any of these statuses."),
            ),
        ),
        Lookup("webhookDelivery", DELIVERY),
    ),
    mutations=(
        Mutation(
            name="pingWebhookEndpoint",
            about="Send an endpoint a message that says nothing.",
            service="notify",
            method="POST",
            path="/endpoints/{endpoint_id:whe}/ping",
            input=PingWebhookEndpointInput,
            gives={"delivery": WebhookDelivery},
            answer=the("delivery"),
        ),
        Mutation(
            name="replayDelivery",
            about="Send a message once more.",
            service="notify",
            method="POST",
            path="/deliveries/{delivery_id:dlv}/replay",
            input=ReplayDeliveryInput,
            gives={"delivery": WebhookDelivery},
            answer=the("delivery"),
        ),
    ),
)
