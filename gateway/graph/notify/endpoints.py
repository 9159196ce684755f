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
from gateway.graph.shapes import VERSION, Node, about, graph_input, graph_type, update_like
from shared.contracts.notify.endpoints import (
    DisabledReason,
    EndpointChanges,
    EndpointStatus,
    EndpointView,
    NewEndpoint,
    SecretRotation,
)

TOPICS = (
    "Each is a topic of `webhookTopics`, or all topics of a service: `events.*`. None at all means every topic you can "
    "subscribe to, also those of later versions. No enum: a later version has more topics."
)

ENDPOINT = Kind("WebhookEndpoint", EndpointView, "notify", "endpoints")


@graph_type(EndpointView)
class WebhookEndpoint(Node):
    """Where a hub's developers are sent messages."""

    url: str = about("The address that messages are sent to, each with a signed POST.")
    description: str | None = about("What it is for, as its makers wrote it; null when they did not.")
    topics: list[str] = about(f"The topics it is sent. {TOPICS}")
    status: EndpointStatus = about("Whether messages are sent to it.")
    disabled_reason: DisabledReason | None = about("Why it is disabled; null while it is not.")
    created_at: datetime = about("When it was made. Only later messages are sent to it.")
    version: int = about(
        "Counts its changes by people, from 1. Send it with `updateWebhookEndpoint`, so that no change is lost."
    )


@graph_input
class CreateWebhookEndpointInput:
    """Where a hub's messages are to be sent."""

    hub_id: strawberry.ID = about("Whose messages: the hub's and those of the hubs below it.", name="hub")
    url: str = about("Where to send them: `https`, port 443 or one from 1024 up, an address of the public internet.")
    topics: list[str] | None = about(f"What to send. {TOPICS}")
    description: str | None = about(
        "What it is for, as a reminder to those who look after the hub; at most 500 characters."
    )


@update_like(CreateWebhookEndpointInput)
class UpdateWebhookEndpointInput:
    """Change an endpoint. Fields left out stay as they are."""

    endpoint_id: strawberry.ID = about("The endpoint; you look after its hub.", name="endpoint")
    url: str | None = about("The new address. Earlier failures do not count for it.")
    topics: list[str] | None = about(f"What to send instead of what was sent so far. {TOPICS}")
    description: str | None
    status: EndpointStatus | None = about("Pause it, disable it, or enable it again.")
    version: int | None = about(VERSION)


@graph_input
class RotateWebhookSecretInput:
    """Give an endpoint a new secret. Messages are signed with the old one too for some time."""

    endpoint_id: strawberry.ID = about("The endpoint whose messages the new secret signs.", name="endpoint")
    overlap_seconds: int | None = about(
        "Seconds for which the old secret signs too, up to 604,800 (a week); a day when left out."
    )


@graph_input
class DeleteWebhookEndpointInput:
    """Delete an endpoint."""

    endpoint_id: strawberry.ID = about("The endpoint, whose hub you look after.", name="endpoint")


_SECRET = {"endpoint": WebhookEndpoint, "secret": str}


PART = Part(
    kinds=(ENDPOINT,),
    types=(WebhookEndpoint,),
    edges=(
        Edge(
            "Hub",
            "webhookEndpoints",
            "WebhookEndpoint",
            by="hub",
            about="The webhook endpoints of the hub itself, oldest first; empty unless you look after the hub.",
        ),
        Edge(
            "WebhookEndpoint",
            "hub",
            "Hub",
            key="hub_id",
            about="The hub it belongs to, whose messages and those of the hubs below it are sent.",
        ),
    ),
    queries=(
        Listing(
            name="webhookEndpoints",
            kind=ENDPOINT,
            about="The webhook endpoints of the hubs you look after, oldest first.",
            filters=narrowed_by(
                Filter("hub", HUB, below=True, about="Of this hub and all hubs below it."),
                Filter("statuses", list[EndpointStatus], param="status", about="With any of these statuses."),
            ),
        ),
        Lookup("webhookEndpoint", ENDPOINT),
    ),
    mutations=(
        Mutation(
            name="createWebhookEndpoint",
            about="Have the messages of a hub sent to an address. The secret that signs them is shown only now.",
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
            about="Change an endpoint, pause it, or enable it again.",
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
            about="Delete an endpoint: waiting deliveries are cancelled, and nothing more is sent to it. "
            "`endpoint` shows it as it was. `webhookDeliveries` keeps what was sent to it, and `messages` the log.",
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
