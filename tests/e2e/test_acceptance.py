"""What somebody else made of a person opens nothing before their yes, and a closed group keeps to its conveners."""

import secrets

from tests.support.acting import Actor, Community
from tests.support.waiting import eventually

VIEWER = "{ viewer { groups { id } hubs { id } scopes } }"
ENTRY = "query($id: ID!) { entry(id: $id) { title } }"


async def a_closed_group(community: Community, convener: Actor) -> str:
    """A group by invitation that this person convenes; gives its id."""
    slug = "group-" + secrets.token_hex(4)
    about = {"slug": slug, "name": "Closed", "domain": "Trust", "hub": community.hub, "joinPolicy": "INVITATION"}
    group: str = (await community.hub_key.do("createGroup", "group { id }", **about))["group"]["id"]
    founding = {"group": group, "person": convener.id, "roles": ["CONVENER"]}
    await community.hub_key.do("joinGroup", "membership { id }", **founding)
    await convener.accept_all()
    return group


async def test_who_is_put_into_a_group_reads_its_confessions_only_after_saying_yes(community: Community) -> None:
    convener, invited = await community.a_person(), await community.a_person()
    group = await a_closed_group(community, convener)
    confession = {"kind": "MISTAKE", "title": "We hid it", "body": "For a year.", "attribution": "ANONYMOUS"}
    shared = await convener.do("shareEntry", "entry { id }", **confession, audience="GROUP", group=group)
    entry = shared["entry"]["id"]
    await convener.do("joinGroup", "membership { id }", group=group, person=invited.id)
    assert (await invited.ask(ENTRY, id=entry))["entry"] is None
    assert group not in str(await invited.ask(VIEWER))
    await invited.accept_all()
    assert (await invited.ask(ENTRY, id=entry))["entry"] == {"title": "We hid it"}
    assert group in str(await invited.ask(VIEWER))


async def test_a_new_person_belongs_to_their_hub_only_after_saying_yes(community: Community) -> None:
    person = await community.a_person(accepts=False)
    roles = {"hub": community.hub, "person": person.id, "roles": ["STEWARD"]}
    await community.hub_key.do("addHubMember", "membership { id }", **roles)
    viewer = (await person.ask(VIEWER))["viewer"]
    assert viewer["hubs"] == []
    assert "HUB_ADMIN" not in viewer["scopes"]
    await person.accept_all()
    viewer = (await person.ask(VIEWER))["viewer"]
    assert viewer["hubs"] == [{"id": community.hub}]
    assert "HUB_ADMIN" in viewer["scopes"]


async def test_who_looks_after_the_hub_puts_nobody_into_a_group_that_has_its_convener(community: Community) -> None:
    convener, steward = await community.a_person(), await community.a_person()
    made = {"hub": community.hub, "person": steward.id, "roles": ["STEWARD"]}
    await community.hub_key.do("addHubMember", "membership { id }", **made)
    group = await a_closed_group(community, convener)

    async def is_steward() -> bool:
        return "HUB_ADMIN" in (await steward.ask(VIEWER))["viewer"]["scopes"]

    await eventually(is_steward, within=2)
    puppet = (await community.a_person()).id
    for actor in (steward, community.hub_key, community.operator):
        refused = await actor.try_to("joinGroup", "membership { id }", {"group": group, "person": puppet})
        assert [(p["code"], p["path"]) for p in refused["problems"]] == [("invitation_needed", ["input", "person"])]
    refused = await steward.try_to("joinGroup", "membership { id }", {"group": group})
    assert [p["code"] for p in refused["problems"]] == ["joining_needs_invitation"]
