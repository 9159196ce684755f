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
    description: str | None = about(
        "What it is for, in the words of who made or changed it; null when they left it out."
    )
    topics: list[str] = about(f"The topics it is sent. {TOPICS}")
    status: EndpointStatus = about("Whether it is sent messages, now or when it is enabled again.")
    disabled_reason: DisabledReason | None = about("Why it is disabled; null while it is not.")
    created_at: datetime = about("When it was made: it is sent only what came after.")
    version: int = about("Counts the changes people made, from 1; send it back to change only what you have seen.")


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
    url: str | None = about("The new address; it counts as not having failed yet.")
    topics: list[str] | None = about(f"What to send instead of what was sent so far. {TOPICS}")
    description: str | None
    status: EndpointStatus | None = about("Pause it, disable it, or have it sent messages again.")
    version: int | None = about(VERSION)


@graph_input
class RotateWebhookSecretInput:
    """Give an endpoint a new secret; the old one signs too for a while."""

    endpoint_id: strawberry.ID = about("The endpoint whose messages the new secret signs.", name="endpoint")
    overlap_seconds: int | None = about("How long the old secret signs too, up to 604800 (a week); a day if left out.")


@graph_input
class DeleteWebhookEndpointInput:
    """Take an endpoint away for good."""

    endpoint_id: strawberry.ID = about("The endpoint; only who looks after its hub can delete it.", name="endpoint")


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
            about="The hub's own webhook endpoints, oldest first; none unless you look after the hub.",
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
