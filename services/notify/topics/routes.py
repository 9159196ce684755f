"""The catalogue of topics over HTTP."""

from services.notify.topics.catalogue import catalogue
from shared.app import Caller
from shared.contracts.notify.topics import TopicView
from shared.routing import Routes

ROUTES = Routes("topics")


@ROUTES.get("/topics", needs="webhooks:manage")
async def list_topics(caller: Caller) -> list[TopicView]:
    """Every topic that webhooks bring, with its type and the JSON Schema of its data."""
    return list(catalogue())
