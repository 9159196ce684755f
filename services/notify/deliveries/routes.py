"""Deliveries over HTTP."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query

from services.notify.deliveries import commands, store
from services.notify.deliveries.model import Attempt, Delivery
from services.notify.endpoints import store as endpoints
from services.notify.visibility import in_hubs_of
from shared import clock
from shared.app import Caller, Db, Paging
from shared.contracts.notify.deliveries import AttemptView, DeliveryStatus, DeliveryView
from shared.contracts.view import ByIds
from shared.paging import Page
from shared.routing import Routes

ROUTES = Routes("deliveries")


@ROUTES.post("/endpoints/{endpoint_id}/ping", needs="webhooks:manage", status=201)
async def ping_endpoint(database: Db, caller: Caller, endpoint_id: str) -> DeliveryView:
    """Send the endpoint a `WebhookPinged`, to see whether it hears us."""
    return view(await commands.ping_endpoint(database, caller, endpoint_id, now=clock.now()))


@ROUTES.get("/deliveries", needs="webhooks:manage")
async def list_deliveries(
    database: Db,
    caller: Caller,
    paging: Paging,
    endpoint: Annotated[list[str], Query(max_length=100)] = [],  # noqa: B006 FastAPI copies defaults
    status: Annotated[list[DeliveryStatus], Query(max_length=100)] = [],  # noqa: B006
) -> Page[DeliveryView]:
    """Deliveries to the hubs the caller looks after, newest first, with every attempt."""
    asked: dict[str, Any] = {}
    if endpoint:
        asked["endpoint_id"] = {"$in": sorted(endpoint)}
    if status:
        asked["status"] = {"$in": sorted(status)}
    visible = await _to_endpoints(database, in_hubs_of(caller), asked)
    return (await store.page(database, asked, paging, visible)).map(view)


async def _to_endpoints(database: Db, where: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """The filter for deliveries to the endpoints that match: their indexes begin with the endpoint."""
    if not where and ("endpoint_id" in asked or "status" not in asked):
        return {}
    return {"endpoint_id": {"$in": await endpoints.ids_where(database, where)}}


@ROUTES.post("/deliveries/by-ids", needs="webhooks:manage")
async def deliveries_by_ids(database: Db, caller: Caller, body: ByIds) -> list[DeliveryView]:
    """Those of these deliveries that the caller looks after."""
    return [view(delivery) for delivery in await store.DELIVERIES.by_ids(database, body.ids, in_hubs_of(caller))]


@ROUTES.post("/deliveries/{delivery_id}/replay", needs="webhooks:manage", status=201)
async def replay_delivery(database: Db, caller: Caller, delivery_id: str) -> DeliveryView:
    """Send the message again, with the same id and bytes."""
    return view(await commands.replay_delivery(database, caller, delivery_id, now=clock.now()))


def view(delivery: Delivery) -> DeliveryView:
    """What is shown of a delivery."""
    return DeliveryView.of(delivery, attempts=[_attempt(attempt) for attempt in delivery.attempts])


def _attempt(attempt: Attempt) -> AttemptView:
    return AttemptView.of(attempt)
