"""What membership told of hubs and groups: `hubs`, their ids, and `groups`, group id to hub id.

None of it ever changes, so it is read as it is now and not as the transaction the caller stands in began with it: what
is heard of meanwhile counts.
"""

from shared.mongo import Database, Index, Transaction

GROUPS = "groups"
HUBS = "hubs"
INDEXES: dict[str, list[Index]] = {GROUPS: [], HUBS: []}


async def note_hub(tx: Transaction, hub_id: str) -> None:
    """Keep that there is this hub."""
    await tx.database[HUBS].replace_one({"_id": hub_id}, {}, upsert=True, session=tx.session)


async def note_group(tx: Transaction, group_id: str, hub_id: str) -> None:
    """Keep that this group belongs to this hub."""
    await tx.database[GROUPS].update_one(
        {"_id": group_id}, {"$setOnInsert": {"hub_id": hub_id}}, upsert=True, session=tx.session
    )


async def is_hub(database: Database, hub_id: str) -> bool:
    """Whether membership told of this hub."""
    return await database[HUBS].find_one({"_id": hub_id}) is not None


async def find_hub(database: Database, group_id: str) -> str | None:
    """The hub the group belongs to; `None` when nothing was heard of the group yet."""
    kept = await database[GROUPS].find_one({"_id": group_id})
    return None if kept is None else str(kept["hub_id"])
