"""What membership told of hubs and groups: `hubs`, their ids, and `groups`, group id to hub id; each by its version,
and whether it is archived.

It is read as it is now and not as the transaction the caller stands in began with it: what is heard of meanwhile
counts.
"""

from shared.mongo import Database, Document, Index, Transaction, keep_newest

GROUPS = "groups"
HUBS = "hubs"
INDEXES: dict[str, list[Index]] = {GROUPS: [], HUBS: []}


async def note_hub(tx: Transaction, hub_id: str, version: int, *, is_archived: bool = False) -> None:
    """Keep that there is this hub."""
    await keep_newest(tx.database[HUBS], hub_id, version, _archived(is_archived))


async def note_group(tx: Transaction, group_id: str, version: int, hub_id: str, *, is_archived: bool = False) -> None:
    """Keep that this group belongs to this hub."""
    await keep_newest(tx.database[GROUPS], group_id, version, {"hub_id": hub_id, **_archived(is_archived)})


async def is_archived(database: Database, collection: str, identifier: str) -> bool:
    """Whether membership told that this one of `HUBS` or `GROUPS` is archived."""
    where = {"_id": identifier, "archived": True}
    return await database.outside_transaction(collection).find_one(where) is not None


def _archived(is_archived: bool) -> Document:
    return {"archived": True} if is_archived else {}


async def is_hub(database: Database, hub_id: str) -> bool:
    """Whether membership told of this hub."""
    return await database.outside_transaction(HUBS).find_one({"_id": hub_id}) is not None


async def find_hub(database: Database, group_id: str) -> str | None:
    """The hub the group belongs to; `None` when nothing was heard of the group yet."""
    kept = await database.outside_transaction(GROUPS).find_one({"_id": group_id})
    return None if kept is None else str(kept["hub_id"])
