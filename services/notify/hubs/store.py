"""The projection of hubs: above which hubs each lies, as the newest message about it says."""

from collections.abc import Iterable, Sequence

from shared.errors import Unavailable
from shared.mongo import Database, Document, Index, Transaction, keep_newest

COLLECTION = "hubs"
INDEXES: dict[str, list[Index]] = {COLLECTION: []}


class HubNotHeardOf(Unavailable):
    """A message names a hub whose creation has not arrived yet. Trying again later is right."""

    code = "hub_not_heard_of"
    message = "This hub is not known here yet."


async def note(transaction: Transaction, hub_id: str, version: int, above: Sequence[str]) -> None:
    """Keep that there is this hub, with the hubs above it, nearest first."""
    await keep_newest(transaction.database[COLLECTION], hub_id, version, {"ancestors": list(above)})


async def lineages(transaction: Transaction, hub_ids: Iterable[str]) -> dict[str, list[str]]:
    """For each hub: itself and the hubs above it. Raises `HubNotHeardOf` when one is missing."""
    wanted = set(hub_ids)
    if not wanted:
        return {}
    found = transaction.database[COLLECTION].find({"_id": {"$in": list(wanted)}})
    known = {row["_id"]: [row["_id"], *row["ancestors"]] async for row in found}
    if missing := wanted - known.keys():
        raise HubNotHeardOf(message=f"Not known here yet: {', '.join(sorted(missing))}.")
    return known


async def is_known(database: Database, hub_id: str) -> bool:
    """Whether the hub has been heard of by now. Reads outside any transaction, whose snapshot may be older."""
    row: Document | None = await database.outside_transaction(COLLECTION).find_one({"_id": hub_id}, {"_id": 1})
    return row is not None
