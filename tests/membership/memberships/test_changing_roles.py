"""What somebody does for a hub or group is said by whoever looks after it."""

from shared.contracts.membership.memberships import Role
from shared.ids import new_id
from shared.mongo import Database
from tests.support.membership import (
    a_group,
    a_hub,
    a_hub_key,
    a_member,
    a_person,
    acting,
    an_operator,
    messages,
)
from tests.support.serving import Client


async def of(membership: Client, **place: str) -> dict[str, str]:
    """The id of each person's membership of a group or hub."""
    page = await membership.acting_as(an_operator()).get("/memberships", params=place)
    return {one["person_id"]: one["id"] for one in page.body["nodes"]}


async def test_a_convener_gives_roles_in_place_of_those_before(membership: Client, database: Database) -> None:
    group = await a_group(database, await a_hub(database))
    convener, member = await a_member(database, group, Role.CONVENER), await a_member(database, group, Role.MEDIATOR)
    theirs = (await of(membership, group=group.id))[member.id]
    caller = membership.acting_as(await acting(database, convener))
    answer = await caller.patch(f"/memberships/{theirs}", {"roles": ["catalyst"], "version": 2})
    assert answer.status == 200, answer.body
    assert answer.body["roles"] == ["member", "catalyst"]
    [told] = await messages(database, "membership.roles_changed", theirs)
    assert told["data"]["version"] == answer.body["version"] == 3
    assert (await caller.patch(f"/memberships/{theirs}", {"roles": []})).body["roles"] == ["member"]
    late = await caller.patch(f"/memberships/{theirs}", {"roles": ["steward"], "version": 2})
    assert late.problem() == (409, "changed_meanwhile", ["version"])
    assert (await caller.patch(f"/memberships/{theirs}", {"roles": None})).problem()[2] == ["roles"]
    assert (await caller.patch(f"/memberships/{theirs}", {})).body["roles"] == ["member"]


async def test_a_member_gives_no_roles_and_a_stranger_learns_nothing(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub)
    member, in_the_hub = await a_member(database, group), await a_person(database, hub)
    own = (await of(membership, group=group.id))[member.id]
    elsewhere = a_hub_key(await a_hub(database))
    at_hub = (await of(membership, hub=hub.id))[in_the_hub.id]
    for caller in (await acting(database, member), await acting(database, in_the_hub), elsewhere):
        for identifier in (own, at_hub, new_id("mem")):
            answer = await membership.acting_as(caller).patch(f"/memberships/{identifier}", {"roles": ["convener"]})
            assert answer.problem() == (404, "not_found", []), answer.body


async def test_a_hubs_roles_take_hub_admin(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    person = await a_person(database, hub)
    theirs = (await of(membership, hub=hub.id))[person.id]
    key = a_hub_key(hub)
    without = key.model_copy(update={"scopes": frozenset({"directory:read"})})
    path, sent = f"/memberships/{theirs}", {"roles": ["steward"]}
    assert (await membership.acting_as(without).patch(path, sent)).problem() == (404, "not_found", [])
    superseded = key.model_copy(update={"superseded": True})
    assert (await membership.acting_as(superseded).patch(path, sent)).problem()[:2] == (403, "key_rotated")
    assert (await membership.acting_as(superseded).patch(path, {"roles": ["catalyst"]})).status == 200
    assert "steward" in (await membership.acting_as(key).patch(path, sent)).body["roles"]
    assert hub.id in (await acting(database, person)).steward_of


async def test_in_a_group_that_is_not_open_its_conveners_alone_give_roles(
    membership: Client, database: Database
) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub, join_policy="invitation")
    member = await a_member(database, group)
    convener = await a_member(database, group, Role.CONVENER)
    theirs = (await of(membership, group=group.id))[member.id]
    path, sent = f"/memberships/{theirs}", {"roles": ["mediator"]}
    assert (await membership.acting_as(a_hub_key(hub)).patch(path, sent)).problem() == (
        403,
        "invitation_needed",
        ["roles"],
    )
    assert (await membership.acting_as(await acting(database, convener)).patch(path, sent)).status == 200


async def test_who_has_left_does_nothing_there_any_more(membership: Client, database: Database) -> None:
    group = await a_group(database, await a_hub(database))
    member = await a_member(database, group)
    theirs = (await of(membership, group=group.id))[member.id]
    await membership.acting_as(await acting(database, member)).delete(f"/groups/{group.id}/members/me")
    answer = await membership.acting_as(an_operator()).patch(f"/memberships/{theirs}", {"roles": ["mediator"]})
    assert answer.problem() == (409, "membership_over", [])


async def test_an_old_secret_makes_nobody_a_convener(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub)
    person, member = await a_person(database), await a_member(database, group)
    old = membership.acting_as(a_hub_key(hub).model_copy(update={"superseded": True}))
    path = f"/groups/{group.id}/members"
    refused = await old.post(path, {"person_id": person.id, "roles": ["convener"]})
    assert refused.problem()[:2] == (403, "key_rotated")
    assert (await old.post(path, {"person_id": person.id, "roles": ["member"]})).status == 201
    own = (await of(membership, group=group.id))[member.id]
    assert (await old.patch(f"/memberships/{own}", {"roles": ["convener"]})).problem()[:2] == (403, "key_rotated")
