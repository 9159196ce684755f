"""Reading how word got out."""

import strawberry

from gateway.graph.kinds import DELIVERY, ENDPOINT, MESSAGE
from gateway.graph.listing import Filter, Listing
from shared.contracts.notify import DeliveryStatus

QUERIES = (
    Listing(
        name="webhookEndpoints",
        kind=ENDPOINT,
        about="The webhook endpoints you look after.",
        filters=(Filter("hub", strawberry.ID, below=True, about="Of this hub and all hubs below it."),),
    ),
    Listing(
        name="webhookDeliveries",
        kind=DELIVERY,
        about="What was sent, or is to be sent, newest first.",
        filters=(Filter("endpoint", strawberry.ID), Filter("status", DeliveryStatus)),
    ),
    Listing(
        name="messages",
        kind=MESSAGE,
        about="The log of public messages: the same, with the same ids, as webhooks deliver, in their sequence.",
        filters=(
            Filter("hub", strawberry.ID, below=True, about="Of this hub and all hubs below it."),
            Filter("afterSequence", int, param="after_sequence", about="Only what came after this one."),
            Filter("topic", str),
        ),
    ),
)
