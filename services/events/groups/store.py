"""What membership told of groups: the collection `groups`, group id to hub id. A group never changes its hub."""

from shared.mongo import Database, Index, Transaction, session_of

COLLECTION = "groups"
INDEXES: dict[str, list[Index]] = {COLLECTION: []}


async def note(tx: Transaction, group_id: str, hub_id: str) -> None:
    """Keep that this group belongs to this hub."""
    await tx.database[COLLECTION].update_one(
        {"_id": group_id}, {"$setOnInsert": {"hub_id": hub_id}}, upsert=True, session=tx.session
    )


async def find_hub(database: Database, group_id: str) -> str | None:
    """The hub the group belongs to; `None` when nothing was heard of the group yet."""
    kept = await database[COLLECTION].find_one({"_id": group_id}, session=session_of(None))
    return None if kept is None else str(kept["hub_id"])
