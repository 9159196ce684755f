"""Webhook endpoints: where a hub's developers are sent messages."""

from datetime import datetime

import strawberry

from gateway.graph.edges import Edge
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.membership.hubs import HUB
from gateway.graph.mutation import Mutation, the
from gateway.graph.part import Part
from gateway.graph.shapes import VERSION, Node, about, graph_input, graph_type
from shared.contracts.notify.endpoints import EndpointChanges, EndpointStatus, EndpointView, NewEndpoint, SecretRotation

ENDPOINT = Kind("WebhookEndpoint", EndpointView, "notify", "endpoints")


@graph_type(EndpointView)
class WebhookEndpoint(Node):
    """Where a hub's developers are sent messages."""

    url: str
    description: str | None
    topics: list[str] = about("The topics it is sent; none means all public ones.")
    status: EndpointStatus
    disabled_reason: str | None
    created_at: datetime
    version: int


@graph_input
class CreateWebhookEndpointInput:
    """Where a hub's messages are to be sent."""

    hub_id: strawberry.ID = about("Whose messages: the hub's and those of the hubs below it.", name="hub")
    url: str
    topics: list[str] | None = about("Topics, or patterns such as `events.*`; none means all public ones.")
    description: str | None


@graph_input
class UpdateWebhookEndpointInput:
    """Change an endpoint. Fields left out stay as they are."""

    endpoint_id: strawberry.ID = about("The endpoint.", name="endpoint")
    url: str | None
    topics: list[str] | None
    description: str | None
    status: EndpointStatus | None
    version: int | None = about(VERSION)


@graph_input
class RotateWebhookSecretInput:
    """Give an endpoint a new secret; the old one signs too for a while."""

    endpoint_id: strawberry.ID = about("The endpoint.", name="endpoint")
    overlap_seconds: int | None = about("How long the old secret signs too: a day unless you say otherwise.")


@graph_input
class DeleteWebhookEndpointInput:
    """Take an endpoint away for good."""

    endpoint_id: strawberry.ID = about("The endpoint; only who looks after its hub can delete it.", name="endpoint")


_SECRET = {"endpoint": WebhookEndpoint, "secret": str}


PART = Part(
    kinds=(ENDPOINT,),
    types=(WebhookEndpoint,),
    edges=(
        Edge("Hub", "webhookEndpoints", "WebhookEndpoint", by="hub"),
        Edge("WebhookEndpoint", "hub", "Hub", key="hub_id"),
    ),
    queries=(
        Listing(
            name="webhookEndpoints",
            kind=ENDPOINT,
            about="The webhook endpoints you look after.",
            filters=narrowed_by(Filter("hub", HUB, below=True, about="Of this hub and all hubs below it.")),
        ),
        Lookup("webhookEndpoint", ENDPOINT),
    ),
    mutations=(
        Mutation(
            name="createWebhookEndpoint",
            about="Have a hub's messages sent somewhere. The secret that signs them is shown this once.",
            service="notify",
            method="POST",
            path="/endpoints",
            input=CreateWebhookEndpointInput,
            request=NewEndpoint,
            gives=_SECRET,
            answer=dict,
        ),
        Mutation(
            name="updateWebhookEndpoint",
            about="Change an endpoint, pause it, or let it go on.",
            service="notify",
            method="PATCH",
            path="/endpoints/{endpoint_id:whe}",
            input=UpdateWebhookEndpointInput,
            request=EndpointChanges,
            gives={"endpoint": WebhookEndpoint},
            answer=the("endpoint"),
        ),
        Mutation(
            name="deleteWebhookEndpoint",
            about="Take an endpoint away for good: what waits for it is cancelled and nothing more is sent there. "
            "`endpoint` is as it was. What was sent there stays in `webhookDeliveries`, the log in `messages`.",
            service="notify",
            method="DELETE",
            path="/endpoints/{endpoint_id:whe}",
            input=DeleteWebhookEndpointInput,
            gives={"endpoint": WebhookEndpoint},
            answer=the("endpoint"),
        ),
        Mutation(
            name="rotateWebhookSecret",
            about="Give an endpoint a new secret. It is shown this once.",
            service="notify",
            method="POST",
            path="/endpoints/{endpoint_id:whe}/rotate-secret",
            input=RotateWebhookSecretInput,
            request=SecretRotation,
            gives=_SECRET,
            answer=dict,
        ),
    ),
)
