"""Taking due deliveries and marking what became of them, each mark fenced by the token of the lease it was taken under.

The sweep is fair: it passes over endpoints for which there is no room, so a backlog for one never hides what is due to
another.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.notify.deliveries.model import Attempt
from services.notify.deliveries.store import DELIVERIES, DUE_INDEX, NOBODY, PENDING
from shared import clock
from shared.contracts.notify.deliveries import DeliveryStatus
from shared.messaging.outbox import new_fence
from shared.mongo import Database, Document, UpdateOne, has_run_out

LOOKED_AT = 500
LONGEST_LEASE = timedelta(minutes=1)
_FREE = {"$expr": has_run_out("$lease.until", LONGEST_LEASE)}  # a null is less than any date


@dataclass(frozen=True, slots=True)
class Mark:
    """The result of a held delivery: its status after `attempt` (`None`: it was not tried)."""

    delivery_id: str
    token: str
    status: DeliveryStatus
    next_attempt_at: datetime | None
    attempt: Attempt | None = None


@dataclass
class Taken:
    """Deliveries leased by a sweep. `more`: there may be others due. `denied`: endpoints that had no room."""

    token: str
    rows: list[Document]
    more: bool
    denied: set[str] = field(default_factory=set)


async def take_due(
    database: Database, may_take: Callable[[str, str], bool], passed_over: Sequence[str], lease: timedelta
) -> Taken:
    """Lease due deliveries, each if `may_take(endpoint_id, hub_id)`, none for the endpoints passed over.

    Looks at 500 rows: whoever calls goes on, passing over who was denied, until there is no `more`.
    """
    collection = DELIVERIES.of(database)
    due: Document = {"status": PENDING, "next_attempt_at": {"$lte": clock.now()}, **_FREE}
    wanted = {**due, "endpoint_id": {"$nin": list(passed_over)}}
    looked_at = collection.find(wanted, {"endpoint_id": 1, "hub_id": 1}, hint=DUE_INDEX, limit=LOOKED_AT)
    denied: set[str] = set()
    chosen: list[str] = []
    seen = 0
    async for row in looked_at:
        seen += 1
        endpoint_id = row["endpoint_id"]
        if endpoint_id not in denied and may_take(endpoint_id, row["hub_id"]):
            chosen.append(row["_id"])
        else:
            denied.add(endpoint_id)
    taken = Taken(new_fence(), [], more=seen == LOOKED_AT, denied=denied)
    if not chosen:
        return taken
    until = {"$add": ["$$NOW", int(lease.total_seconds() * 1000)]}
    await collection.update_many(
        {"_id": {"$in": chosen}, **due}, [{"$set": {"lease": {"token": taken.token, "until": until}}}]
    )
    held = collection.find({"_id": {"$in": chosen}, "lease.token": taken.token}, {"attempts": 0})
    taken.rows = [row async for row in held]
    return taken


async def mark_all(database: Database, marks: Sequence[Mark]) -> int:
    """Write what became of deliveries, each only while its lease still holds. Gives how many were written."""
    result = await DELIVERIES.of(database).bulk_write([_update(mark) for mark in marks], ordered=False)
    return int(result.matched_count)


async def find_free(database: Database, endpoint_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Up to 500 deliveries that wait for these endpoints and that nobody holds: each id with its endpoint's."""
    found = DELIVERIES.of(database).find(
        {"endpoint_id": {"$in": list(endpoint_ids)}, "status": PENDING, **_FREE}, {"endpoint_id": 1}, limit=LOOKED_AT
    )
    return [(row["_id"], row["endpoint_id"]) async for row in found]


async def cancel_free(database: Database, delivery_ids: Sequence[str]) -> int:
    """Cancel these, except those that somebody holds: the holder handles them."""
    if not delivery_ids:
        return 0
    result = await DELIVERIES.of(database).update_many(
        {"_id": {"$in": list(delivery_ids)}, "status": PENDING, **_FREE},
        {
            "$set": {
                "status": DeliveryStatus.CANCELLED.value,
                "next_attempt_at": None,
            },
            "$inc": {"version": 1},
            "$unset": {"lease": ""},
        },
    )
    return int(result.modified_count)


def _update(mark: Mark) -> UpdateOne:
    held = {"_id": mark.delivery_id, "status": PENDING, "lease.token": mark.token}
    finished = mark.status is not DeliveryStatus.PENDING
    change: dict[str, Any] = {
        "$set": {
            "status": mark.status.value,
            "lease": {"token": NOBODY, "until": None},
            "next_attempt_at": mark.next_attempt_at,
        }
    }
    if finished or mark.attempt is not None:
        change["$inc"] = {"version": 1, "tries": 1 if mark.attempt is not None else 0}
    if mark.attempt is not None:
        change["$push"] = {"attempts": dict(mark.attempt)}
    return UpdateOne(held, change)
