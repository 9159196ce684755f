"""The catalogue of topics over HTTP."""

from services.notify.topics.catalogue import catalogue
from shared.app import Caller, router
from shared.contracts.notify import TopicView

routes = router("topics")


@routes.get("/topics")
async def list_topics(caller: Caller) -> list[TopicView]:
    """Every public topic with its type and the JSON Schema of its data."""
    caller.require("webhooks:manage")
    return list(catalogue())
