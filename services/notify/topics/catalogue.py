"""The catalogue of what webhooks bring, read off the message classes."""

from functools import cache

from shared.contracts import webhook_messages
from shared.contracts.notify.topics import TopicView
from shared.contracts.schema import data_schema


@cache
def catalogue() -> tuple[TopicView, ...]:
    """What is shown of each message that a webhook may bring."""
    return tuple(
        TopicView(topic=cls.topic, type=cls.type_name(), subscribable=cls.public, json_schema=data_schema(cls))
        for cls in webhook_messages()
    )
