"""Changes of stored documents that defaults cannot do: ordered, recorded, resumable, safe to run twice.

A feature lists its `Migration`s. `mycelium migrate` runs those that are not yet recorded as done, in the order of
their names. A migration works through its documents in batches, each batch in a transaction together with how far it
has come; a run that was stopped goes on from there.
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

    `name`: `2026-11-24-what-it-does`, never changed once released; names are the order. `change` takes one document in
    a transaction and brings it to the new form; of a document that has that form already it changes nothing.
    """

    name: str
    collection: str
    change: Callable[[Transaction, Document], Awaitable[None]]


@dataclass(frozen=True)
class Progress:
    """How far a migration is: documents looked at, in this run and before, and whether it is done."""

    name: str
    documents: int
    is_done: bool


async def migrate(database: Database, migrations: Sequence[Migration]) -> AsyncIterator[Progress]:
    """Run what is not recorded as done, telling the progress after each batch. Safe beside another such run."""
    for migration in sorted(migrations, key=lambda one: one.name):
        while True:
            progress = await database.transaction(lambda tx, one=migration: _run_batch(tx, one))  # type: ignore[misc]
            if progress is None:
                break
            yield progress
            if progress.is_done:
                break


async def pending(database: Database, migrations: Sequence[Migration]) -> list[str]:
    """The names of those that are not done, in their order."""
    done = {row["_id"] async for row in database[COLLECTION].find({"done_at": {"$ne": None}}, {"_id": 1})}
    return sorted(one.name for one in migrations if one.name not in done)


async def _run_batch(tx: Transaction, migration: Migration) -> Progress | None:
    """The next batch; `None` when the migration is done already."""
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
