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
    """A public message in the log."""

    sequence: int = about("Counts up by one; there are no gaps.")
    topic: str = about(f"What happened, such as `events.event_published`; endpoints subscribe to it. {NO_ENUM}")
    type: str = about("The topic with the version of its data, such as `events.event_published.v1`.")
    subject: str = about("The id of the thing it is about; `node(id:)` reads that thing as it is now.")
    time: datetime = about("When it happened, by the clock of the service that sent the message.")
    envelope: JSON = about("The message as a CloudEvents 1.0 document, as webhooks deliver it.")


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
            about="The log of public messages, in order. Webhooks deliver the same messages with the same ids.",
            filters=narrowed_by(
                Filter("hub", HUB, below=True, about="Of this hub and all hubs below it."),
                Filter("afterSequence", int, param="after_sequence", about="Only messages after this sequence number."),
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
