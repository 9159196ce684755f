"""Fan-outs as documents. A row goes when all deliveries of its message are made."""

from collections.abc import Sequence

from services.notify.fanouts.model import Fanout
from shared.mongo import Database, Index
from shared.store import Store

FANOUTS = Store("fanouts", Fanout, indexes=[Index([("hub_id", 1), ("_id", 1)])])


async def add(database: Database, fanouts: Sequence[Fanout]) -> None:
    """Store new ones."""
    if fanouts:
        await FANOUTS.of(database).insert_many([FANOUTS.document(fanout) for fanout in fanouts])


async def hubs(database: Database) -> list[str]:
    """The hubs that have fan-outs."""
    found: list[str] = await FANOUTS.of(database).distinct("hub_id")
    return found


async def oldest(database: Database, hub_id: str, limit: int) -> list[Fanout]:
    """The oldest fan-outs of a hub."""
    return await FANOUTS.all_where(database, {"hub_id": hub_id}, limit=limit)


async def remove(database: Database, fanouts: Sequence[Fanout]) -> None:
    """Take away those that are done. Conflicts with another who works at the same ones."""
    if fanouts:
        await FANOUTS.of(database).delete_many({"_id": {"$in": [fanout.id for fanout in fanouts]}})


async def go_on_after(database: Database, fanout: Fanout, endpoint_id: str) -> None:
    """Note up to which endpoint the deliveries are made. Conflicts with another who works at the same one."""
    await FANOUTS.of(database).update_one({"_id": fanout.id}, {"$set": {"after": endpoint_id}})
