"""Reading how word got out."""

from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import DELIVERY, ENDPOINT, HUB, MESSAGE
from gateway.graph.listing import Listing
from shared.contracts.notify.deliveries import DeliveryStatus

QUERIES = (
    Listing(
        name="webhookEndpoints",
        kind=ENDPOINT,
        about="The webhook endpoints you look after.",
        filters=narrowed_by(Filter("hub", HUB, below=True, about="Of this hub and all hubs below it.")),
    ),
    Listing(
        name="webhookDeliveries",
        kind=DELIVERY,
        about="What was sent, or is to be sent, newest first.",
        filters=narrowed_by(Filter("endpoint", ENDPOINT), Filter("status", DeliveryStatus)),
    ),
    Listing(
        name="messages",
        kind=MESSAGE,
        about="The log of public messages: the same, with the same ids, as webhooks deliver, in their sequence.",
        filters=narrowed_by(
            Filter("hub", HUB, below=True, about="Of this hub and all hubs below it."),
            Filter("afterSequence", int, param="after_sequence", about="Only what came after this one."),
            Filter("topic", str),
        ),
    ),
)
