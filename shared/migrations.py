"""Changes of stored documents for which a field's default is not enough: ordered, recorded, resumable, idempotent.

A feature lists its `Migration`s. `mycelium migrate` runs those that are not recorded as done, in the order of their
names. A migration changes its documents in batches. Each batch is one transaction that also stores the progress, so a
run that was stopped continues from there.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shared import clock
from shared.mongo import Database, Document, Index, Transaction

COLLECTION = "migrations"
INDEXES: dict[str, list[Index]] = {COLLECTION: []}
BATCH = 200


@dataclass(frozen=True)
class Migration:
    """A change of the documents of one collection.

    `name`: `2026-11-24-what-it-does`; it never changes after release, and migrations run in the order of their names.
    `change` brings one document to the new form, in a transaction; it leaves a document that has the new form alone.
    """

    name: str
    collection: str
    change: Callable[[Transaction, Document], Awaitable[None]]


@dataclass(frozen=True)
class Progress:
    """The progress of a migration: the number of documents read, in this run and before, and whether it is done."""

    name: str
    documents: int
    is_done: bool


async def migrate(database: Database, migrations: Sequence[Migration]) -> AsyncIterator[Progress]:
    """Run the migrations not recorded as done; yield the progress after each batch. Two runs at once are safe."""
    for migration in sorted(migrations, key=lambda one: one.name):
        while True:
            progress = await database.transaction(lambda tx, one=migration: _run_batch(tx, one))  # type: ignore[misc]
            if progress is None:
                break
            yield progress
            if progress.is_done:
                break


async def pending(database: Database, migrations: Sequence[Migration]) -> list[str]:
    """The names of the migrations that are not done, in order."""
    done = {row["_id"] async for row in database[COLLECTION].find({"done_at": {"$ne": None}}, {"_id": 1})}
    return sorted(one.name for one in migrations if one.name not in done)


async def _run_batch(tx: Transaction, migration: Migration) -> Progress | None:
    """Run the next batch. Returns `None` when the migration is done already."""
    records = tx.database[COLLECTION]
    record: Document = await records.find_one({"_id": migration.name}) or {"last": None, "documents": 0}
    if record.get("done_at") is not None:
        return None
    where: dict[str, Any] = {} if record["last"] is None else {"_id": {"$gt": record["last"]}}
    found = tx.database[migration.collection].find(where, limit=BATCH).sort([("_id", 1)])
    documents = [document async for document in found]
    for document in documents:
        await migration.change(tx, document)
    is_done = len(documents) < BATCH
    changed = {
        "last": documents[-1]["_id"] if documents else record["last"],
        "documents": record["documents"] + len(documents),
        "done_at": clock.now() if is_done else None,
    }
    await records.update_one({"_id": migration.name}, {"$set": changed}, upsert=True)
    return Progress(migration.name, changed["documents"], is_done)
