"""The outbox: a message is a row written in the same transaction as the change it tells of.

A row is born leased to the relay of the process that wrote it, which publishes it at once from memory. Should that
process die, the lease runs out and any relay's sweep takes the row. MongoDB's own clock says whether a lease has run
out, so that replicas need not agree on the time. Published rows stay for a week as evidence.
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
KEPT = timedelta(days=7)
LONGEST_WAIT = timedelta(minutes=1)
"""No row is put off for longer."""
INDEXES = {
    COLLECTION: [
        Index([("pending", 1), ("_id", 1)], where={"pending": True}),
        Index([("published_at", 1)], expire_after_seconds=int(KEPT.total_seconds())),
    ]
}


@dataclass(frozen=True)
class Row:
    """A message waiting to be published, and the fence of the lease it was taken under."""

    id: str
    type: str
    body: bytes
    broadcast: bool
    tries: int = 0


@dataclass
class Lease:
    """Rows held by one relay. `token` fences the mark: whoever took the rows later has another one."""

    token: str
    rows: list[Row] = field(default_factory=list)


def new_fence() -> str:
    """A token no other lease has."""
    return os.urandom(12).hex()


class Outbox:
    """Writes rows before commit, hands them to the relay after it, and answers the relay's questions."""

    def __init__(self, database: Database, source: str, *, lease: timedelta) -> None:
        self.database = database
        self.source = source
        self.lease = lease
        self.token = new_fence()
        self.committed: Callable[[list[Row], str, float], None] = lambda rows, token, since: None
        database.before_commit.append(self.append)

    @property
    def collection(self) -> Any:
        """The rows."""
        return self.database[COLLECTION]

    async def append(self, transaction: Transaction) -> None:
        """Write what the transaction recorded, leased to this process. Runs just before its commit."""
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
        """Lease up to `limit` pending rows whose lease has run out, oldest first."""
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
        """Mark rows published, only while this lease still holds them. Gives how many were marked."""
        result = await self.collection.update_many(
            {"_id": {"$in": ids}, "pending": True, "lease.token": token},
            {"$set": {"pending": False, "published_at": clock.now()}, "$unset": {"lease": ""}},
        )
        return int(result.modified_count)

    async def put_off(self, ids: list[str], token: str, wait: timedelta) -> None:
        """Leave rows pending and let them be taken again after `wait` (the broker refused or returned them)."""
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
        """Whether a row that was recorded before this moment is not published yet."""
        oldest = await self.collection.find_one({"pending": True}, {"recorded_at": 1}, sort=[("_id", 1)])
        return oldest is not None and oldest["recorded_at"] < moment

    async def backlog(self) -> tuple[int, float]:
        """How many rows wait, and how many seconds the oldest has waited."""
        found = await self.collection.aggregate(
            [
                {"$match": {"pending": True}},
                {"$group": {"_id": None, "count": {"$sum": 1}, "oldest": {"$min": "$recorded_at"}}},
            ],
        )
        if not found:
            return 0, 0.0
        return found[0]["count"], max(0.0, (clock.now() - found[0]["oldest"]).total_seconds())
