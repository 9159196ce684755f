"""Deliveries as documents, and the leases under which they are sent.

A row is held by whoever's token is in its lease until the lease runs out; every mark is fenced by that token. MongoDB's
own clock says whether a lease has run out. Deliveries, with the replies of receivers, are kept for 90 days.

Every message costs an insert and an update here, so there are no indexes but those that reads cannot do without.
"""

from collections.abc import Collection as Ids
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from services.notify.deliveries.model import Delivery
from shared.contracts.notify.deliveries import DeliveryStatus
from shared.errors import NotFound
from shared.ids import encode
from shared.mongo import Database, Document, Index, Transaction
from shared.paging import Page, PageRequest, read_page

COLLECTION = "deliveries"
KEPT = timedelta(days=90)
PENDING = DeliveryStatus.PENDING.value
RARE = [DeliveryStatus.FAILED.value, DeliveryStatus.CANCELLED.value]
DUE_INDEX = "due"
INDEXES = {
    COLLECTION: [
        Index([("endpoint_id", 1), ("next_attempt_at", 1)], where={"status": PENDING}, name=DUE_INDEX),
        Index([("endpoint_id", 1), ("_id", -1)]),
        Index([("endpoint_id", 1), ("status", 1), ("_id", -1)], where={"status": {"$in": RARE}}),
    ]
}
NOBODY = ""


async def add(
    transaction: Transaction, deliveries: Sequence[Delivery], held: Ids[str], token: str, until: datetime
) -> None:
    """Store new deliveries. Those in `held` are born leased under `token` until then, the others free."""
    free = {"token": NOBODY, "until": None}
    leased = {"token": token, "until": until}
    await transaction.database[COLLECTION].insert_many(
        [_document(delivery, leased if delivery.id in held else free) for delivery in deliveries],
        ordered=False,
    )


async def get(transaction: Transaction, delivery_id: str) -> Delivery:
    """The delivery. Raises `NotFound`."""
    document = await transaction.database[COLLECTION].find_one({"_id": delivery_id})
    if document is None:
        raise NotFound
    return _delivery(document)


async def by_ids(database: Database, ids: Sequence[str], hubs: Ids[str] | None) -> list[Delivery]:
    """Those of these deliveries that belong to `hubs` (`None`: any hub)."""
    wanted = {"_id": {"$in": list(ids)}, **_of_hubs(hubs)}
    return [_delivery(row) async for row in database[COLLECTION].find(wanted)]


async def page(
    database: Database,
    endpoint_ids: Sequence[str] | None,
    status: DeliveryStatus | None,
    asked: str,
    request: PageRequest,
) -> Page[Delivery]:
    """The deliveries to these endpoints (`None`: to any), newest first. `asked` names the filter."""
    wanted: Document = {}
    if endpoint_ids is not None:
        wanted["endpoint_id"] = {"$in": list(endpoint_ids)}
    if status is not None:
        wanted["status"] = status.value
    return await read_page(
        database[COLLECTION], wanted, request, [("_id", -1)], [str], _delivery, scope=f"deliveries:{asked}"
    )


async def forget(database: Database, made_before: datetime) -> int:
    """Delete what was made before then and is not under way any more. Gives how many."""
    before = f"dlv_{encode(int(made_before.timestamp() * 1000) << 80)}"
    result = await database[COLLECTION].delete_many({"_id": {"$lt": before}, "status": {"$ne": PENDING}})
    return int(result.deleted_count)


def _of_hubs(hubs: Ids[str] | None) -> Document:
    return {} if hubs is None else {"hub_id": {"$in": list(hubs)}}


def _document(delivery: Delivery, lease: Mapping[str, Any]) -> Document:
    fields: Document = {
        "_id": delivery.id,
        "endpoint_id": delivery.endpoint_id,
        "hub_id": delivery.hub_id,
        "message_id": delivery.message_id,
        "topic": delivery.topic,
        "status": delivery.status.value,
        "attempts": [],
        "tries": 0,
        "next_attempt_at": delivery.next_attempt_at,
        "replay_of": delivery.replay_of,
        "created_at": delivery.created_at,
        "lease": dict(lease),
        "version": delivery.version,
    }
    if delivery.body is not None:
        fields["body"] = delivery.body
    return fields


def _delivery(document: Document) -> Delivery:
    known = {name: document[name] for name in Delivery.model_fields if name in document}
    return Delivery(id=document["_id"], **known)
