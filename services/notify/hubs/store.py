"""The projection of hubs: the hubs above each, as its newest message says."""

from collections.abc import Iterable, Sequence

from services.notify.hubs.model import KnownHub
from shared.errors import Unavailable
from shared.mongo import Database, Document, keep_newest
from shared.store import Store

HUBS = Store("hubs", KnownHub)


class HubNotHeardOf(Unavailable):
    """A message names a hub whose creation has not arrived yet. Trying again later is right."""

    code = "hub_not_heard_of"
    message = "This hub is not known here yet."


async def note(database: Database, hub_id: str, version: int, above: Sequence[str]) -> None:
    """Keep that there is this hub, with the hubs above it, nearest first."""
    await keep_newest(HUBS.of(database), hub_id, version, {"ancestors": list(above)})


async def lineages(database: Database, hub_ids: Iterable[str]) -> dict[str, list[str]]:
    """For each hub: itself and the hubs above it. Raises `HubNotHeardOf` when one is missing."""
    wanted = set(hub_ids)
    known = {hub.id: hub.lineage for hub in await HUBS.by_ids(database, wanted)}
    if missing := wanted - known.keys():
        raise HubNotHeardOf(message=f"Not known here yet: {', '.join(sorted(missing))}.")
    return known


async def is_known(database: Database, hub_id: str) -> bool:
    """Whether a message about the hub has arrived. Reads outside any transaction: its snapshot may be older."""
    row: Document | None = await database.outside_transaction(HUBS.collection).find_one({"_id": hub_id}, {"_id": 1})
    return row is not None
