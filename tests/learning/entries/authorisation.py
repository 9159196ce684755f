"""Who may change which entry, as everybody asks through the graph."""

from typing import Any

from tests.proofs.world import World, slug
from tests.support.acting import Actor
from tests.support.waiting import eventually

STORY = {"kind": "STORY", "title": "Closed", "body": "It was good.", "audience": "COMMUNITY"}


async def prepare(world: World) -> None:
    """A group with the member in it that is archived, of which learning has heard."""
    key, member = world.community.hub_key, world.actors["member"]
    about = {"slug": slug(), "name": "Closed", "domain": "D", "hub": world.community.hub}
    group = (await key.do("createGroup", "group { id }", **about))["group"]["id"]
    await member.do("joinGroup", "membership { id }", group=group)
    await key.do("archiveGroup", "group { id }", group=group)
    world.ids["archived_group"] = group

    async def is_heard_of() -> bool:
        answer = await member.try_to("shareEntry", "entry { id }", await into_the_archived_group(world, member))
        return [problem["code"] for problem in answer["problems"]] == ["host_archived"]

    await eventually(is_heard_of)


async def into_the_archived_group(world: World, actor: Actor) -> dict[str, Any]:
    """An entry for the group that is archived."""
    return {**STORY, "group": world.ids["archived_group"]}


READS = [
    ("entry", 'entry(id: "{entry_community}") {{ viewerCanUpdate }}', {"member"}),
    ("entry", 'entry(id: "{entry_community}") {{ isMine }}', {"member"}),
    ("entry", 'entry(id: "{entry_hub}") {{ viewerCanUpdate }}', {"member"}),
]
WRITES = [
    ("shareEntry", "entry { id }", into_the_archived_group, set[str]()),
]
