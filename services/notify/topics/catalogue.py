"""The catalogue of public topics, read off the message classes."""

from functools import cache

from shared.contracts import public_messages
from shared.contracts.notify.topics import TopicView
from shared.contracts.schema import data_schema


@cache
def catalogue() -> tuple[TopicView, ...]:
    """What is shown of each public message: topic, type and the JSON Schema of its data."""
    return tuple(
        TopicView(topic=cls.topic, type=cls.type_name(), json_schema=data_schema(cls)) for cls in public_messages()
    )
