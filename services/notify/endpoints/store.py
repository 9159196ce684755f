"""Endpoints as documents."""

from collections.abc import Collection as Ids
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from services.notify.endpoints.model import DeletedEndpoint, Endpoint
from shared.contracts.notify.endpoints import EndpointStatus
from shared.errors import NotFound
from shared.mongo import Database, Document, Index, Transaction, save_versioned
from shared.paging import Page, PageRequest, read_page
from shared.store import Store

COLLECTION = "endpoints"
LOCKS = "endpoint_locks"
INDEXES = {COLLECTION: [Index([("hub_id", 1), ("_id", 1)]), Index([("status", 1)])], LOCKS: []}

DELETED_REMEMBERED_FOR = timedelta(days=91)
"""A day longer than deliveries are kept: so their history can be read until it goes."""

VOID_FOR = timedelta(hours=1)
"""So long after a deletion the sweep looks for deliveries that were being made meanwhile."""

DELETED = Store(
    "deleted_endpoints",
    DeletedEndpoint,
    indexes=[
        Index([("hub_id", 1)]),
        Index([("deleted_at", 1)], expire_after_seconds=int(DELETED_REMEMBERED_FOR.total_seconds())),
    ],
)

_SENT = [EndpointStatus.ENABLED.value, EndpointStatus.PAUSED.value]


async def find(database: Database, endpoint_id: str, transaction: Transaction | None = None) -> Endpoint | None:
    """The endpoint, or `None`."""
    document = await database[COLLECTION].find_one({"_id": endpoint_id})
    return _endpoint(document) if document else None


async def get(transaction: Transaction, endpoint_id: str) -> Endpoint:
    """The endpoint. Raises `NotFound`."""
    endpoint = await find(transaction.database, endpoint_id, transaction)
    if endpoint is None:
        raise NotFound
    return endpoint


async def by_ids(database: Database, ids: Sequence[str], hubs: Ids[str] | None) -> list[Endpoint]:
    """Those of these endpoints that belong to `hubs` (`None`: any hub)."""
    wanted = {"_id": {"$in": list(ids)}, **_of_hubs(hubs)}
    return [_endpoint(row) async for row in database[COLLECTION].find(wanted)]


async def page(database: Database, hubs: Ids[str] | None, asked: Sequence[str], request: PageRequest) -> Page[Endpoint]:
    """The endpoints of `hubs` (`None`: every hub), oldest first. `asked` are the hubs the caller named."""
    scope = f"endpoints:{','.join(sorted(asked))}"
    return await read_page(database[COLLECTION], _of_hubs(hubs), request, [("_id", 1)], [str], _endpoint, scope=scope)


async def ids_of(database: Database, hubs: Ids[str] | None) -> list[str]:
    """The ids of the endpoints of `hubs` (`None`: of every hub), the deleted ones whose deliveries remain included."""
    collections = (database[COLLECTION], DELETED.of(database))
    return [row["_id"] for each in collections async for row in each.find(_of_hubs(hubs), {"_id": 1})]


async def listening(transaction: Transaction, hub_ids: Iterable[str], *, limit: int, after: str = "") -> list[Endpoint]:
    """The endpoints of these hubs that are sent messages, now or when they are resumed, by id from `after` on."""
    wanted: Document = {"hub_id": {"$in": list(hub_ids)}, "status": {"$in": _SENT}, "_id": {"$gt": after}}
    found = transaction.database[COLLECTION].find(wanted)
    return [_endpoint(row) async for row in found.sort("_id", 1).limit(limit)]


async def count_of_hub(transaction: Transaction, hub_id: str) -> int:
    """How many endpoints a hub has, whatever their status. Of two transactions that count and add, one runs again."""
    await transaction.database[LOCKS].update_one({"_id": hub_id}, {"$inc": {"changes": 1}}, upsert=True)
    count: int = await transaction.database[COLLECTION].count_documents({"hub_id": hub_id})
    return count


async def delete(transaction: Transaction, endpoint: Endpoint, now: datetime) -> None:
    """Take an endpoint away, with its secrets; only whose it was is remembered."""
    await transaction.database[COLLECTION].delete_one({"_id": endpoint.id})
    await DELETED.add(transaction.database, DeletedEndpoint(id=endpoint.id, hub_id=endpoint.hub_id, deleted_at=now))


async def not_enabled(database: Database, now: datetime) -> tuple[list[str], list[str]]:
    """The ids of the paused endpoints, and of those that are disabled or were deleted lately."""
    paused: list[str] = []
    disabled: list[str] = []
    wanted = {"status": {"$in": [EndpointStatus.PAUSED.value, EndpointStatus.DISABLED.value]}}
    async for row in database[COLLECTION].find(wanted, {"status": 1}):
        (paused if row["status"] == EndpointStatus.PAUSED else disabled).append(row["_id"])
    lately = {"deleted_at": {"$gt": now - VOID_FOR}}
    disabled += [row["_id"] async for row in DELETED.of(database).find(lately, {"_id": 1})]
    return paused, disabled


async def add(transaction: Transaction, endpoint: Endpoint) -> None:
    """Store a new endpoint."""
    await transaction.database[COLLECTION].insert_one(_document(endpoint))


async def save(transaction: Transaction, endpoint: Endpoint) -> None:
    """Store a changed endpoint. Raises `Stale` when somebody else was faster."""
    await save_versioned(transaction.database[COLLECTION], _document(endpoint))


async def note_failing(database: Database, endpoint_id: str, url: str, since: datetime) -> None:
    """Remember when this address of it began to fail, unless that is known. Not a change: the version stays."""
    await database[COLLECTION].update_one(
        {"_id": endpoint_id, "url": url, "failing_since": None}, {"$set": {"failing_since": since}}
    )


async def note_success(database: Database, endpoint_id: str) -> None:
    """Forget that it failed."""
    await database[COLLECTION].update_one({"_id": endpoint_id}, {"$set": {"failing_since": None}})


def _of_hubs(hubs: Ids[str] | None) -> Document:
    return {} if hubs is None else {"hub_id": {"$in": list(hubs)}}


def _document(endpoint: Endpoint) -> Document:
    fields: Document = endpoint.model_dump(exclude={"id"})
    fields["status"] = endpoint.status.value
    fields["topics"] = list(endpoint.topics)
    fields["secrets"] = list(fields["secrets"])
    return {"_id": endpoint.id, **fields}


def _endpoint(document: Any) -> Endpoint:
    return Endpoint(id=document["_id"], **{name: value for name, value in document.items() if name != "_id"})
