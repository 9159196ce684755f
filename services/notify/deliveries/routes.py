"""Deliveries over HTTP."""

from services.notify.deliveries import commands, store
from services.notify.deliveries.model import Attempt, Delivery
from services.notify.endpoints import store as endpoints
from services.notify.visibility import hubs_to_show
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
    endpoint: str | None = None,
    status: DeliveryStatus | None = None,
) -> Page[DeliveryView]:
    """Deliveries to the hubs the caller looks after, newest first, with every attempt."""
    hubs = hubs_to_show(caller)
    ids = None if hubs is None and status is None else await endpoints.ids_of(database, hubs)
    if endpoint is not None:
        ids = [endpoint] if ids is None or endpoint in ids else []
    asked = f"{endpoint or ''}:{status or ''}"
    return (await store.page(database, ids, status, asked, paging)).map(view)


@ROUTES.post("/deliveries/by-ids", needs="webhooks:manage")
async def deliveries_by_ids(database: Db, caller: Caller, body: ByIds) -> list[DeliveryView]:
    """Those of these deliveries that the caller looks after."""
    return [view(delivery) for delivery in await store.by_ids(database, body.ids, hubs_to_show(caller))]


@ROUTES.post("/deliveries/{delivery_id}/replay", needs="webhooks:manage", status=201)
async def replay_delivery(database: Db, caller: Caller, delivery_id: str) -> DeliveryView:
    """Send the message again, with the same id and bytes."""
    return view(await commands.replay_delivery(database, caller, delivery_id, now=clock.now()))


def view(delivery: Delivery) -> DeliveryView:
    """What is shown of a delivery."""
    return DeliveryView.of(delivery, attempts=[_attempt(attempt) for attempt in delivery.attempts])


def _attempt(attempt: Attempt) -> AttemptView:
    return AttemptView.of(attempt)
