"""The outbox: a message is a row, written in the same transaction as the change it reports.

A new row is leased to the relay of the process that wrote it, which publishes it at once from memory. If that process
dies, the lease expires and the sweep of any relay takes the row. MongoDB's clock decides whether a lease has expired,
so the clocks of replicas need not agree. Published rows are stored for a week, as evidence.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared import clock
from shared.context import current_cause
from shared.messaging.envelope import seal
from shared.mongo import Binary, Database, Document, Index, Transaction, has_run_out

COLLECTION = "outbox"
STORED_FOR = timedelta(days=7)
LONGEST_WAIT = timedelta(minutes=1)
"""The longest time by which a row may be put off."""
INDEXES = {
    COLLECTION: [
        Index([("pending", 1), ("_id", 1)], where={"pending": True}),
        Index([("published_at", 1)], expire_after_seconds=int(STORED_FOR.total_seconds())),
    ]
}


@dataclass(frozen=True)
class Row:
    """A message to publish; `tries` counts failed attempts."""

    id: str
    type: str
    body: bytes
    broadcast: bool
    tries: int = 0


@dataclass
class Lease:
    """Rows leased to one relay. `token` fences the marking of rows: a later lease of a row has another token."""

    token: str
    rows: list[Row] = field(default_factory=list)


def new_fence() -> str:
    """A random token, unique to one lease."""
    return os.urandom(12).hex()


class Outbox:
    """Writes rows before each commit, hands them to the relay after it, and leases and marks rows for the relay."""

    def __init__(self, database: Database, source: str, *, lease: timedelta) -> None:
        self.database = database
        self.source = source
        self.lease = lease
        self.token = new_fence()
        self.committed: Callable[[list[Row], str, float], None] = lambda rows, token, since: None
        database.before_commit.append(self.append)

    @property
    def collection(self) -> Any:
        """The collection of the rows."""
        return self.database[COLLECTION]

    async def append(self, transaction: Transaction) -> None:
        """Write the messages that the transaction recorded, leased to this process. Runs just before the commit."""
        if not transaction.recorded:
            return
        token, since, cause = self.token, time.monotonic(), current_cause()
        rows: list[Row] = []
        documents: list[Document] = []
        until = clock.now() + self.lease
        for one in transaction.recorded:
            identifier, body = seal(
                one.message,
                source=self.source,
                cause=cause,
                subject=one.subject,
                hub=one.hub,
                touches=one.touches,
                reach=one.reach,
                anonymous=one.anonymous,
            )
            kind = type(one.message)
            rows.append(Row(identifier, kind.type_name(), body, kind.broadcast))
            documents.append(
                {
                    "_id": identifier,
                    "type": kind.type_name(),
                    "body": Binary(body),
                    "broadcast": kind.broadcast,
                    "pending": True,
                    "recorded_at": clock.now(),
                    "lease": {"token": token, "until": until},
                    "tries": 0,
                }
            )
        await self.collection.insert_many(documents)
        transaction.after_commit.append(lambda: self.committed(rows, token, since))

    async def take(self, limit: int) -> Lease:
        """Lease up to `limit` pending rows whose lease has expired, oldest first."""
        lease = Lease(new_fence())
        free = {"pending": True, "$expr": has_run_out("$lease.until", max(2 * self.lease, LONGEST_WAIT))}
        ids = [row["_id"] async for row in self.collection.find(free, {"_id": 1}).sort("_id", 1).limit(limit)]
        if not ids:
            return lease
        milliseconds = int(self.lease.total_seconds() * 1000)
        await self.collection.update_many(
            {"_id": {"$in": ids}, **free},
            [{"$set": {"lease": {"token": lease.token, "until": {"$add": ["$$NOW", milliseconds]}}}}],
        )
        held = self.collection.find({"_id": {"$in": ids}, "lease.token": lease.token}).sort("_id", 1)
        lease.rows = [
            Row(row["_id"], row["type"], bytes(row["body"]), row["broadcast"], row["tries"]) async for row in held
        ]
        return lease

    async def mark(self, ids: list[str], token: str) -> int:
        """Mark rows as published if this lease still holds them. Returns how many were marked."""
        result = await self.collection.update_many(
            {"_id": {"$in": ids}, "pending": True, "lease.token": token},
            {"$set": {"pending": False, "published_at": clock.now()}, "$unset": {"lease": ""}},
        )
        return int(result.modified_count)

    async def put_off(self, ids: list[str], token: str, wait: timedelta) -> None:
        """End the lease of rows that the broker refused or returned; they may be leased again after `wait`."""
        milliseconds = int(wait.total_seconds() * 1000)
        await self.collection.update_many(
            {"_id": {"$in": ids}, "pending": True, "lease.token": token},
            [
                {
                    "$set": {
                        "lease": {"token": "", "until": {"$add": ["$$NOW", milliseconds]}},
                        "tries": {"$add": ["$tries", 1]},
                    }
                }
            ],
        )

    async def waits_since_before(self, moment: datetime) -> bool:
        """Whether any row recorded before this time is still not published."""
        oldest = await self.collection.find_one({"pending": True}, {"recorded_at": 1}, sort=[("_id", 1)])
        return oldest is not None and oldest["recorded_at"] < moment

    async def backlog(self) -> tuple[int, float]:
        """The number of unpublished rows, and the age of the oldest one in seconds."""
        found = await self.collection.aggregate(
            [
                {"$match": {"pending": True}},
                {"$group": {"_id": None, "count": {"$sum": 1}, "oldest": {"$min": "$recorded_at"}}},
            ],
        )
        if not found:
            return 0, 0.0
        return found[0]["count"], max(0.0, (clock.now() - found[0]["oldest"]).total_seconds())
