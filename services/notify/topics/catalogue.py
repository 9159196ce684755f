"""The catalogue of what webhooks bring, read off the message classes."""

from functools import cache

from shared.contracts import webhook_messages
from shared.contracts.notify.topics import TopicView
from shared.contracts.schema import data_schema
from shared.paging import Page, PageRequest, decode_cursor, encode_cursor

LIST = "topics"


@cache
def catalogue() -> tuple[TopicView, ...]:
    """What is shown of each message that a webhook may bring."""
    return tuple(
        TopicView(topic=cls.topic, type=cls.type_name(), subscribable=cls.public, json_schema=data_schema(cls))
        for cls in webhook_messages()
    )


def page(request: PageRequest) -> Page[TopicView]:
    """A stretch of the catalogue, by type. Raises `Invalid` for a cursor of another list."""
    after, before = (
        decode_cursor(LIST, cursor, [str], name)[0] if cursor is not None else None
        for name, cursor in (("after", request.after), ("before", request.before))
    )
    matching = [
        each
        for each in sorted(catalogue(), key=lambda topic: topic.type)
        if (after is None or each.type > after) and (before is None or each.type < before)
    ]
    is_last, wanted = request.last is not None, request.last or request.first
    shown, has_more = matching[-wanted:] if is_last else matching[:wanted], len(matching) > wanted
    return Page(
        nodes=shown,
        cursors=[encode_cursor(LIST, [each.type]) for each in shown],
        has_next=before is not None if is_last else has_more,
        has_previous=has_more if is_last else after is not None,
        total=len(catalogue()) if request.count else None,
    )
