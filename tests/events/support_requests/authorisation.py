"""Who reads and does what with support requests, as everybody asks through the graph."""

from typing import Any

from tests.proofs.world import World
from tests.support.acting import Actor

LOOKING_AFTER = {"steward", "operator"}
SEEING = {"member", "steward", "operator"}
ID = "supportRequest { id }"


async def prepare(world: World) -> None:
    """A request of the group, made by the hub's key, so that nobody here sees it for having asked."""
    asked = {"kind": "SPEAKER", "details": "For our first evening.", "group": world.community.group}
    made = await world.community.hub_key.do("createSupportRequest", ID, **asked)
    world.ids["support_request"] = made["supportRequest"]["id"]


async def for_the_hub(world: World, actor: Actor) -> dict[str, Any]:
    """What is asked for a hub."""
    return {"kind": "VENUE", "details": "A room for forty.", "hub": world.community.hub}


async def an_open_one(world: World, actor: Actor) -> dict[str, Any]:
    """An answer to a new request of the member's."""
    made = await world.actors["member"].do("createSupportRequest", ID, **await for_the_hub(world, actor))
    return {"supportRequest": made["supportRequest"]["id"], "accepted": True, "answer": "Gladly."}


READS = [
    ("supportRequests", 'supportRequests(filter: {{hub: "{hub}"}}) {{ edges {{ node {{ id }} }} }}', SEEING),
    ("supportRequest", 'supportRequest(id: "{support_request}") {{ details }}', SEEING),
    ("hub", 'hub(id: "{hub}") {{ supportRequests {{ edges {{ node {{ id }} }} }} }}', SEEING),
    ("group", 'group(id: "{group}") {{ supportRequests {{ edges {{ node {{ id }} }} }} }}', SEEING),
    ("node", 'node(id: "{support_request}") {{ id }}', SEEING),
]
WRITES = [
    ("createSupportRequest", ID, for_the_hub, SEEING),
    ("answerSupportRequest", ID, an_open_one, LOOKING_AFTER),
]
