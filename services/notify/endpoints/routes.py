"""Endpoints over HTTP."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Query

from services.notify.deliveries.guard import Guard
from services.notify.endpoints import commands, store
from services.notify.endpoints.model import Endpoint
from services.notify.visibility import in_hubs, in_hubs_of
from shared import clock
from shared.app import Caller, Db, Here, Paging, Service
from shared.contracts.notify.endpoints import (
    EndpointChanges,
    EndpointSecretView,
    EndpointStatus,
    EndpointView,
    NewEndpoint,
    SecretRotation,
)
from shared.contracts.view import ByIds
from shared.paging import Page
from shared.routing import Routes

ROUTES = Routes("endpoints")


@ROUTES.post("/endpoints", needs="webhooks:manage", status=201)
async def create_endpoint(database: Db, here: Here, caller: Caller, body: NewEndpoint) -> EndpointSecretView:
    """Make an endpoint; the secret is shown this once."""
    most = here.settings.webhook_endpoints_per_hub
    endpoint, secret = await commands.create_endpoint(
        database, _guard(here), here.extra["seal"], caller, body, most=most, now=clock.now()
    )
    return EndpointSecretView(endpoint=view(endpoint), secret=secret)


@ROUTES.get("/endpoints", needs="webhooks:manage")
async def list_endpoints(
    database: Db,
    caller: Caller,
    paging: Paging,
    hub: Annotated[list[str], Query(max_length=500)] = [],  # noqa: B006 FastAPI copies defaults
    status: Annotated[list[EndpointStatus], Query()] = [],  # noqa: B006
) -> Page[EndpointView]:
    """The endpoints of the hubs the caller looks after, or of those named, with any of these statuses.

    The oldest first, and in no other order: a hub has few.
    """
    asked: dict[str, Any] = in_hubs(sorted(hub)) if hub else {}
    if status:
        asked["status"] = {"$in": sorted(set(status))}
    return (await store.ENDPOINTS.page(database, asked, paging, visible=in_hubs_of(caller))).map(view)


@ROUTES.post("/endpoints/by-ids", needs="webhooks:manage")
async def endpoints_by_ids(database: Db, caller: Caller, body: ByIds) -> list[EndpointView]:
    """Those of these endpoints that the caller looks after."""
    return [view(endpoint) for endpoint in await store.ENDPOINTS.by_ids(database, body.ids, in_hubs_of(caller))]


@ROUTES.patch("/endpoints/{endpoint_id}", needs="webhooks:manage")
async def edit_endpoint(
    database: Db, here: Here, caller: Caller, endpoint_id: str, body: EndpointChanges
) -> EndpointView:
    """Change an endpoint's address, topics, description or status."""
    return view(await commands.edit_endpoint(database, _guard(here), caller, endpoint_id, body))


@ROUTES.delete("/endpoints/{endpoint_id}", needs="webhooks:manage")
async def delete_endpoint(database: Db, caller: Caller, endpoint_id: str) -> EndpointView:
    """Delete an endpoint; gives it as it was. What was sent there can still be read."""
    return view(await commands.delete_endpoint(database, caller, endpoint_id, now=clock.now()))


@ROUTES.post("/endpoints/{endpoint_id}/rotate-secret", needs="webhooks:manage")
async def rotate_secret(
    database: Db, here: Here, caller: Caller, endpoint_id: str, body: SecretRotation | None = None
) -> EndpointSecretView:
    """Give an endpoint a new secret; the old one signs too until the overlap ends."""
    overlap = timedelta(seconds=(body or SecretRotation()).overlap_seconds)
    endpoint, secret = await commands.rotate_secret(
        database, here.extra["seal"], caller, endpoint_id, overlap, now=clock.now()
    )
    return EndpointSecretView(endpoint=view(endpoint), secret=secret)


def view(endpoint: Endpoint) -> EndpointView:
    """What is shown of an endpoint: nothing of its secrets."""
    return EndpointView.of(endpoint)


def _guard(here: Service) -> Guard:
    guard: Guard = here.extra["guard"]
    return guard
