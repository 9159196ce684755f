"""Hubs and groups, as membership's newest message about each says: the collections `hubs` and `groups`.

A document has the version, whether it is archived, and for a group its hub. Reads go past the caller's transaction, so
that messages which arrived after it began count too.
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
    """Whether this hub or group is archived. `collection` is `HUBS` or `GROUPS`."""
    where = {"_id": identifier, "archived": True}
    return await database.outside_transaction(collection).find_one(where) is not None


def _archived(is_archived: bool) -> Document:
    return {"archived": True} if is_archived else {}


async def is_hub(database: Database, hub_id: str) -> bool:
    """Whether membership has sent a message about this hub."""
    return await database.outside_transaction(HUBS).find_one({"_id": hub_id}) is not None


async def find_hub(database: Database, group_id: str) -> str | None:
    """The hub of the group; `None` when there was no message about the group yet."""
    kept = await database.outside_transaction(GROUPS).find_one({"_id": group_id})
    return None if kept is None else str(kept["hub_id"])
