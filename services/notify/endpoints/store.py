"""Endpoints as documents, and what is remembered of deleted ones."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from services.notify.endpoints.model import DeletedEndpoint, Endpoint
from shared.contracts.notify.endpoints import EndpointStatus
from shared.mongo import Database, Document, Index
from shared.store import Store

ENDPOINTS = Store(
    "endpoints", Endpoint, prefix="whe", indexes=[Index([("hub_id", 1), ("_id", 1)]), Index([("status", 1)])]
)
LOCKS = "endpoint_locks"

DELETED_REMEMBERED_FOR = timedelta(days=91)
"""How long deleted endpoints are remembered: a day longer than their deliveries, which can be read until then."""

VOID_FOR = timedelta(hours=1)
"""How long after a deletion the sweep looks for deliveries that were made at the same time."""

DELETED = Store(
    "deleted_endpoints",
    DeletedEndpoint,
    indexes=[
        Index([("hub_id", 1)]),
        Index([("deleted_at", 1)], expire_after_seconds=int(DELETED_REMEMBERED_FOR.total_seconds())),
    ],
)

_SENT = [EndpointStatus.ENABLED.value, EndpointStatus.PAUSED.value]


async def ids_where(database: Database, where: Mapping[str, Any]) -> list[str]:
    """The ids of the endpoints that match, of those that are there and of the deleted whose deliveries remain."""
    collections = (ENDPOINTS.of(database), DELETED.of(database))
    return [row["_id"] for each in collections async for row in each.find(where, {"_id": 1})]


async def listening(database: Database, hub_ids: Iterable[str], *, limit: int, after: str = "") -> list[Endpoint]:
    """The endpoints of these hubs that are sent messages, now or when they are resumed, by id from `after` on."""
    where: Document = {"hub_id": {"$in": list(hub_ids)}, "status": {"$in": _SENT}, "_id": {"$gt": after}}
    return await ENDPOINTS.all_where(database, where, limit=limit)


async def count_of_hub(database: Database, hub_id: str) -> int:
    """How many endpoints a hub has, whatever their status. Of two transactions that count and add, one runs again."""
    await database[LOCKS].update_one({"_id": hub_id}, {"$inc": {"changes": 1}}, upsert=True)
    count: int = await ENDPOINTS.of(database).count_documents({"hub_id": hub_id})
    return count


async def delete(database: Database, endpoint: Endpoint, now: datetime) -> None:
    """Delete an endpoint with its secrets. Only its hub is remembered."""
    await ENDPOINTS.of(database).delete_one({"_id": endpoint.id})
    await DELETED.add(database, DeletedEndpoint(id=endpoint.id, hub_id=endpoint.hub_id, deleted_at=now))


async def not_enabled(database: Database, now: datetime) -> tuple[list[str], list[str]]:
    """The ids of the paused endpoints, and of those that are disabled or were deleted lately."""
    paused: list[str] = []
    disabled: list[str] = []
    wanted = {"status": {"$in": [EndpointStatus.PAUSED.value, EndpointStatus.DISABLED.value]}}
    async for row in ENDPOINTS.of(database).find(wanted, {"status": 1}):
        (paused if row["status"] == EndpointStatus.PAUSED else disabled).append(row["_id"])
    lately = {"deleted_at": {"$gt": now - VOID_FOR}}
    disabled += [row["_id"] async for row in DELETED.of(database).find(lately, {"_id": 1})]
    return paused, disabled


async def note_failing(database: Database, endpoint_id: str, url: str, since: datetime) -> None:
    """Remember when this address of it began to fail, unless that is known. Not a change: the version stays."""
    await ENDPOINTS.of(database).update_one(
        {"_id": endpoint_id, "url": url, "failing_since": None}, {"$set": {"failing_since": since}}
    )


async def note_success(database: Database, endpoint_id: str) -> None:
    """Forget that it failed."""
    await ENDPOINTS.of(database).update_one({"_id": endpoint_id}, {"$set": {"failing_since": None}})
