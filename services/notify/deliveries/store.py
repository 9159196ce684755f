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
from shared.ids import encode
from shared.mongo import Database, Document, Index
from shared.paging import Page, PageRequest
from shared.store import NEWEST_FIRST, Store

KEPT = timedelta(days=90)
PENDING = DeliveryStatus.PENDING.value
RARE = [DeliveryStatus.FAILED.value, DeliveryStatus.CANCELLED.value]
DUE_INDEX = "due"
NOBODY = ""
FREE: Document = {"token": NOBODY, "until": None}
DELIVERIES = Store(
    "deliveries",
    Delivery,
    prefix="dlv",
    indexes=[
        Index([("endpoint_id", 1), ("next_attempt_at", 1)], where={"status": PENDING}, name=DUE_INDEX),
        Index([("endpoint_id", 1), ("_id", -1)]),
        Index([("endpoint_id", 1), ("status", 1), ("_id", -1)], where={"status": {"$in": RARE}}),
    ],
    for_queries=lambda delivery: {"tries": 0, "lease": FREE},
)


async def add(database: Database, deliveries: Sequence[Delivery], held: Ids[str], token: str, until: datetime) -> None:
    """Store new deliveries. Those in `held` are born leased under `token` until then, the others free."""
    documents = [DELIVERIES.document(delivery) for delivery in deliveries]
    for document in documents:
        if document["_id"] in held:
            document["lease"] = {"token": token, "until": until}
    await DELIVERIES.of(database).insert_many(documents, ordered=False)


async def page(
    database: Database, asked: Mapping[str, Any], request: PageRequest, visible: Mapping[str, Any]
) -> Page[Delivery]:
    """The deliveries that match, newest first, and in no other order: another would cost every message an index."""
    return await DELIVERIES.page(database, asked, request, order=NEWEST_FIRST, visible=visible)


async def forget(database: Database, made_before: datetime) -> int:
    """Delete what was made before then and is not under way any more. Gives how many."""
    before = f"dlv_{encode(int(made_before.timestamp() * 1000) << 80)}"
    result = await DELIVERIES.of(database).delete_many({"_id": {"$lt": before}, "status": {"$ne": PENDING}})
    return int(result.deleted_count)
