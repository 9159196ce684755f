"""Changing how word gets out."""

import strawberry

from gateway.graph.mutation import Mutation, the
from gateway.graph.notify.types import WebhookDelivery, WebhookEndpoint
from gateway.graph.shapes import VERSION, about, given
from shared.contracts.notify.endpoints import EndpointStatus


@given
class CreateWebhookEndpointInput:
    """Where a hub's messages are to be sent."""

    hub_id: strawberry.ID = about("Whose messages: the hub's and those of the hubs below it.", name="hub")
    url: str
    topics: list[str] | None = about("Topics, or patterns such as `events.*`; none means all public ones.")
    description: str | None


@given
class UpdateWebhookEndpointInput:
    """Change an endpoint. Fields left out stay as they are."""

    endpoint_id: strawberry.ID = about("The endpoint.", name="endpoint")
    url: str | None
    topics: list[str] | None
    description: str | None
    status: EndpointStatus | None
    version: int | None = about(VERSION)


@given
class RotateWebhookSecretInput:
    """Give an endpoint a new secret; the old one signs too for a while."""

    endpoint_id: strawberry.ID = about("The endpoint.", name="endpoint")
    overlap_seconds: int | None = about("How long the old secret signs too: a day unless you say otherwise.")


@given
class PingWebhookEndpointInput:
    """Send an endpoint a message that says nothing, to see whether it hears."""

    endpoint_id: strawberry.ID = about("The endpoint.", name="endpoint")


@given
class ReplayDeliveryInput:
    """Send a message once more: the same bytes, the same id."""

    delivery_id: strawberry.ID = about("The delivery.", name="delivery")


_SECRET = {"endpoint": WebhookEndpoint, "secret": str}

MUTATIONS = (
    Mutation(
        name="createWebhookEndpoint",
        about="Have a hub's messages sent somewhere. The secret that signs them is shown this once.",
        service="notify",
        method="POST",
        path="/endpoints",
        input=CreateWebhookEndpointInput,
        gives=_SECRET,
        answer=dict,
    ),
    Mutation(
        name="updateWebhookEndpoint",
        about="Change an endpoint, pause it, or let it go on.",
        service="notify",
        method="PATCH",
        path="/endpoints/{endpoint_id}",
        input=UpdateWebhookEndpointInput,
        gives={"endpoint": WebhookEndpoint},
        answer=the("endpoint"),
    ),
    Mutation(
        name="rotateWebhookSecret",
        about="Give an endpoint a new secret. It is shown this once.",
        service="notify",
        method="POST",
        path="/endpoints/{endpoint_id}/rotate-secret",
        input=RotateWebhookSecretInput,
        gives=_SECRET,
        answer=dict,
    ),
    Mutation(
        name="pingWebhookEndpoint",
        about="Send an endpoint a message that says nothing.",
        service="notify",
        method="POST",
        path="/endpoints/{endpoint_id}/ping",
        input=PingWebhookEndpointInput,
        gives={"delivery": WebhookDelivery},
        answer=the("delivery"),
    ),
    Mutation(
        name="replayDelivery",
        about="Send a message once more.",
        service="notify",
        method="POST",
        path="/deliveries/{delivery_id}/replay",
        input=ReplayDeliveryInput,
        gives={"delivery": WebhookDelivery},
        answer=the("delivery"),
    ),
)
