"""The log of public messages."""

from datetime import datetime

from strawberry.scalars import JSON

from gateway.graph.edges import Edge
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.membership.hubs import HUB
from gateway.graph.notify.topics import NO_ENUM
from gateway.graph.part import Part
from gateway.graph.shapes import Node, about, graph_type
from shared.contracts.notify.log import LoggedMessageView

MESSAGE = Kind("Message", LoggedMessageView, "notify", "messages")


@graph_type(LoggedMessageView)
class Message(Node):
    """A public message as it stands in the one log."""

    sequence: int = about("Counts up by one; there are no gaps.")
    topic: str = about(f"What happened, such as `events.event_published`; endpoints subscribe to it. {NO_ENUM}")
    type: str = about("The topic with the version of its data, such as `events.event_published.v1`.")
    subject: str = about("The id of the thing it is about; `node(id:)` reads that thing as it is now.")
    time: datetime = about("When it happened, by the clock of the service that says so.")
    envelope: JSON = about("The CloudEvents 1.0 document, as webhooks deliver it.")


PART = Part(
    kinds=(MESSAGE,),
    types=(Message,),
    edges=(
        Edge(
            "Message",
            "hub",
            "Hub",
            key="hub_id",
            about="The hub it concerns, and it is sent to the hubs above; null when it concerns none.",
        ),
    ),
    queries=(
        Listing(
            name="messages",
            kind=MESSAGE,
            about="The log of public messages: the same, with the same ids, as webhooks deliver, in their sequence.",
            filters=narrowed_by(
                Filter("hub", HUB, below=True, about="Of this hub and all hubs below it."),
                Filter("afterSequence", int, param="after_sequence", about="Only what came after this one."),
                Filter(
                    "topics",
                    list[str],
                    param="topic",
                    about="Of any of these topics (`events.event_published`), or of all of a service (`events.*`).",
                ),
            ),
        ),
        Lookup("message", MESSAGE),
    ),
)
