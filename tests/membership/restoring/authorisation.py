"""Who opens an archived hub or group again, as everybody asks through the graph."""

from typing import Any

from tests.proofs.world import World
from tests.support.acting import Actor

LOOKING_AFTER = {"steward", "operator"}
READS: list[Any] = []


async def prepare(world: World) -> None:
    """Nothing: each row archives a hub or group of its own."""


async def an_archived_hub(world: World, actor: Actor) -> dict[str, Any]:
    """A hub below the world's that is archived."""
    hub = await world.fresh("hub")
    await world.community.hub_key.do("archiveHub", "hub { id }", hub=hub)
    return {"hub": hub}


async def an_archived_group(world: World, actor: Actor) -> dict[str, Any]:
    """A group of the world's hub that is archived."""
    group = await world.fresh("group")
    await world.community.hub_key.do("archiveGroup", "group { id }", group=group)
    return {"group": group}


WRITES = [
    ("restoreHub", "hub { id archivedAt }", an_archived_hub, LOOKING_AFTER),
    ("restoreGroup", "group { id archivedAt }", an_archived_group, LOOKING_AFTER),
]
