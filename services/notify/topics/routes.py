"""The catalogue of topics over HTTP."""

from services.notify.topics.catalogue import page
from shared.app import Caller, Paging
from shared.contracts.notify.topics import TopicView
from shared.paging import Page
from shared.routing import Routes

ROUTES = Routes("topics")


@ROUTES.get("/topics", needs="webhooks:manage")
async def list_topics(caller: Caller, paging: Paging) -> Page[TopicView]:
    """Every topic that webhooks bring, with its type and the JSON Schema of its data, by type."""
    return page(paging)
