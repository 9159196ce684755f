"""Fan-outs as documents. A row goes when all deliveries of its message are made."""

from collections.abc import Sequence

from services.notify.fanouts.model import Fanout
from shared.mongo import Database, Document, Index, Transaction

COLLECTION = "fanouts"
INDEXES = {COLLECTION: [Index([("hub_id", 1), ("_id", 1)])]}


async def add(transaction: Transaction, fanouts: Sequence[Fanout]) -> None:
    """Store new ones."""
    if fanouts:
        await transaction.database[COLLECTION].insert_many([_document(fanout) for fanout in fanouts])


async def hubs(database: Database) -> list[str]:
    """The hubs that have any."""
    found: list[str] = await database[COLLECTION].distinct("hub_id")
    return found


async def oldest(transaction: Transaction, hub_id: str, limit: int) -> list[Fanout]:
    """The oldest of a hub."""
    found = transaction.database[COLLECTION].find({"hub_id": hub_id})
    return [_fanout(row) async for row in found.sort("_id", 1).limit(limit)]


async def remove(transaction: Transaction, fanouts: Sequence[Fanout]) -> None:
    """Take away those that are done. Conflicts with whoever works at the same ones."""
    if fanouts:
        ids = [fanout.message_id for fanout in fanouts]
        await transaction.database[COLLECTION].delete_many({"_id": {"$in": ids}})


async def go_on_after(transaction: Transaction, fanout: Fanout, endpoint_id: str) -> None:
    """Note up to which endpoint the deliveries are made. Conflicts with whoever works at the same one."""
    await transaction.database[COLLECTION].update_one({"_id": fanout.message_id}, {"$set": {"after": endpoint_id}})


def _document(fanout: Fanout) -> Document:
    fields: Document = fanout.model_dump(exclude={"message_id"})
    return {"_id": fanout.message_id, **fields, "hubs": list(fanout.hubs)}


def _fanout(row: Document) -> Fanout:
    return Fanout(message_id=row["_id"], **{name: value for name, value in row.items() if name != "_id"})
