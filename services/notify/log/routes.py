"""The log over HTTP: for polling, with the same messages and ids as the webhooks."""

from typing import Annotated, Any

from fastapi import Query

from services.notify.log import store
from services.notify.log.model import LoggedMessage
from services.notify.topics.patterns import check_topics, topics_of
from services.notify.visibility import in_hubs, in_hubs_of
from shared.app import Caller, Db, Paging
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
    topic: Annotated[list[str], Query(max_length=100)] = [],  # noqa: B006
    after_sequence: Annotated[int, Query(ge=0, le=LAST)] = 0,
) -> Page[LoggedMessageView]:
    """Public messages about the hubs the caller looks after, ascending. `topic`: some, or all of a service's."""
    asked: dict[str, Any] = {"sequence": {"$gt": after_sequence}}
    if hub:
        asked |= in_hubs(sorted(hub))
    if topic:
        asked["topic"] = {"$in": sorted(topics_of(check_topics(topic, ("topic",))))}
    return (await store.page(database, asked, paging, in_hubs_of(caller))).map(view)


@ROUTES.post("/messages/by-ids", needs="webhooks:manage")
async def messages_by_ids(database: Db, caller: Caller, body: ByIds) -> list[LoggedMessageView]:
    """Those of these messages that the caller may have."""
    return [view(message) for message in await store.MESSAGES.by_ids(database, body.ids, in_hubs_of(caller))]


def view(message: LoggedMessage) -> LoggedMessageView:
    """What is shown of a logged message."""
    return LoggedMessageView.of(message, envelope=message.envelope())
