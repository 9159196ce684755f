"""The topics that webhooks bring."""

from strawberry.scalars import JSON

from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing
from gateway.graph.part import Part
from gateway.graph.shapes import about, graph_type
from shared.contracts.notify.topics import TopicView

NO_ENUM = "No enum: a later version has more topics, and the log keeps the messages of older ones."

TOPIC = Kind("WebhookTopic", TopicView, "notify", "topics")


@graph_type(TopicView)
class WebhookTopic:
    """A topic of messages that webhooks bring, and the schema of their data."""

    topic: str = about(f"What an endpoint's `topics` name, such as `events.event_published`. {NO_ENUM}")
    type: str = about("The topic with the version of its data; the `type` of the CloudEvents document.")
    subscribable: bool = about(
        "Whether endpoints can subscribe to it. If not, it is sent only to the endpoint it is about."
    )
    json_schema: JSON = about("The JSON Schema (2020-12) of the document's `data`.")


PART = Part(
    kinds=(TOPIC,),
    types=(WebhookTopic,),
    queries=(
        Listing(
            name="webhookTopics",
            kind=TOPIC,
            about="Every topic that webhooks bring, by type. A list and not an enum: later versions have more topics.",
        ),
    ),
)
