"""The log over HTTP: the polling door, with the same messages and ids as the webhooks."""

from typing import Annotated

from fastapi import Query

from services.notify.log import store
from services.notify.log.model import LoggedMessage
from services.notify.topics.patterns import check_topic, is_wanted
from services.notify.visibility import hubs_to_show
from shared.app import Caller, Db, Paging
from shared.contracts import public_messages
from shared.contracts.notify.log import LoggedMessageView
from shared.contracts.view import ByIds
from shared.paging import Page
from shared.routing import Routes

LAST = 2**63 - 1
ROUTES = Routes("messages")


@ROUTES.get("/messages", needs="webhooks:manage")
async def list_messages(
    database: Db,
    caller: Caller,
    paging: Paging,
    hub: Annotated[list[str], Query(max_length=500)] = [],  # noqa: B006 FastAPI copies defaults
    topic: str | None = None,
    after_sequence: Annotated[int, Query(ge=0, le=LAST)] = 0,
) -> Page[LoggedMessageView]:
    """Public messages about the hubs the caller looks after, ascending. `topic`: one, or all of a service's."""
    topics: list[str] | None = None
    if topic is not None:
        pattern = check_topic(topic)
        topics = [cls.topic for cls in public_messages() if is_wanted(cls.topic, (pattern,))]
    asked = f"{','.join(sorted(hub))}:{topic or ''}"
    page = await store.page(database, hubs_to_show(caller, hub), topics, after_sequence, asked, paging)
    return page.map(view)


@ROUTES.post("/messages/by-ids", needs="webhooks:manage")
async def messages_by_ids(database: Db, caller: Caller, body: ByIds) -> list[LoggedMessageView]:
    """Those of these messages that the caller may have."""
    return [view(message) for message in await store.by_ids(database, body.ids, hubs_to_show(caller))]


def view(message: LoggedMessage) -> LoggedMessageView:
    """What is shown of a logged message."""
    return LoggedMessageView.of(message, envelope=message.envelope())
