"""Webhook deliveries: one message for one endpoint, with every attempt."""

from datetime import datetime

import strawberry

from gateway.graph.edges import Edge
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.mutation import Mutation, the
from gateway.graph.notify.endpoints import ENDPOINT
from gateway.graph.notify.topics import NO_ENUM
from gateway.graph.part import Part
from gateway.graph.shapes import Node, about, graph_input, graph_type
from shared.contracts.notify.deliveries import AttemptView, DeliveryStatus, DeliveryView

DELIVERY = Kind("WebhookDelivery", DeliveryView, "notify", "deliveries")


@graph_type(AttemptView)
class DeliveryAttempt:
    """One attempt: the answer of the receiver or the error, and how long it took."""

    number: int = about("The number of the attempt, from 1 to at most 10.")
    at: datetime = about("When it began. The timestamp of the signature is the same.")
    status: int | None = about("The HTTP status of the answer; null when there was none.")
    milliseconds: int = about("How long it took, from the DNS lookup to the end of the answer.")
    reply: str | None = about("The first 16 kB of the answer's body, as text; null when there was no answer.")
    error: str | None = about("What went wrong; null when nothing did. Beside a `status`, the body was cut short.")


@graph_type(DeliveryView)
class WebhookDelivery(Node):
    """One message for one endpoint."""

    topic: str = about(f"The message's topic, such as `events.event_published`. {NO_ENUM}")
    status: DeliveryStatus = about("Its present state.")
    attempts: list[DeliveryAttempt] = about("All attempts so far, oldest first.")
    next_attempt_at: datetime | None = about("The earliest time of the next attempt; null when there will be none.")
    created_at: datetime = about(
        "When the message came, or when somebody asked to send it again. Deliveries are kept for 90 days."
    )
    version: int = about("Counts its attempts and changes of status, from 1.")


@graph_input
class PingWebhookEndpointInput:
    """Send an endpoint a test message."""

    endpoint_id: strawberry.ID = about("The endpoint; a disabled one cannot be pinged.", name="endpoint")


@graph_input
class ReplayDeliveryInput:
    """Send a message once more: the same bytes, the same id."""

    delivery_id: strawberry.ID = about("The delivery to repeat, in any status.", name="delivery")


PART = Part(
    kinds=(DELIVERY,),
    types=(
        DeliveryAttempt,
        WebhookDelivery,
    ),
    edges=(
        Edge(
            "WebhookEndpoint",
            "deliveries",
            "WebhookDelivery",
            by="endpoint",
            about="What was sent there in the last 90 days, or is to be sent, newest first.",
        ),
        Edge(
            "WebhookDelivery",
            "endpoint",
            "WebhookEndpoint",
            key="endpoint_id",
            about="Where the message is sent, or was; null when that endpoint has been deleted since.",
        ),
        Edge("WebhookDelivery", "hub", "Hub", key="hub_id", about="The hub that the endpoint belongs to, or did."),
        Edge(
            "WebhookDelivery",
            "message",
            "Message",
            key="message_id",
            about="What is sent, as it stands in the log; null for a ping, which no log holds.",
        ),
        Edge(
            "WebhookDelivery",
            "replayOf",
            "WebhookDelivery",
            key="replay_of",
            about="The delivery this one repeats; null for a first one, or when that is no longer kept.",
        ),
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
            about="Send an endpoint a test message (`notify.webhook_pinged`).",
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
