"""A group is changed and archived by its conveners and by whoever looks after its hub."""

import pytest

from shared.auth import Principal
from shared.contracts.membership.memberships import Role
from shared.mongo import Database
from tests.support.membership import (
    a_group,
    a_hub,
    a_hub_key,
    a_member,
    a_person,
    a_reader,
    acting,
    an_operator,
    messages,
)
from tests.support.serving import Client


async def test_a_group_is_described_otherwise_by_its_convener(membership: Client, database: Database) -> None:
    group = await a_group(database, await a_hub(database), themes=["trust"], place={"name": "Hull"})
    convener = membership.acting_as(await acting(database, await a_member(database, group, Role.CONVENER)))
    sent: dict[str, object] = {"practice": "We meet.", "themes": [], "place": None, "domain": "trust", "version": 1}
    answer = await convener.patch(f"/groups/{group.id}", sent)
    assert answer.status == 200, answer.body
    assert {name: answer.body[name] for name in sent} == {**sent, "version": 2}
    [told] = await messages(database, "membership.group_changed", group.id)
    assert told["data"] == {
        "group_id": group.id,
        "hub_id": group.hub_id,
        "changed": ["domain", "place", "practice", "themes"],
        "version": 2,
    }
    assert told["hub"] == group.hub_id


async def test_whoever_joins_meanwhile_keeps_nobody_from_changing_a_group(
    membership: Client, database: Database
) -> None:
    group = await a_group(database, await a_hub(database))
    await a_member(database, group, Role.CONVENER)
    await a_member(database, group)
    key = membership.acting_as(a_hub_key(await a_hub(database)))
    operator = membership.acting_as(an_operator())
    answer = await operator.patch(f"/groups/{group.id}", {"name": "Named anew", "version": 1})
    assert answer.status == 200, answer.body
    assert answer.body["member_count"] == 2
    late = await operator.patch(f"/groups/{group.id}", {"name": "Named again", "version": 1})
    assert late.problem() == (409, "changed_meanwhile", ["version"])
    assert (await key.patch(f"/groups/{group.id}", {"name": "Not theirs"})).problem() == (404, "not_found", [])


async def test_members_and_readers_change_no_group(membership: Client, database: Database) -> None:
    group = await a_group(database, await a_hub(database))
    member = await acting(database, await a_member(database, group, Role.MEDIATOR))
    steward_elsewhere = await acting(database, await a_person(database, await a_hub(database), Role.STEWARD))
    only_reading = a_hub_key(await a_hub(database), "directory:read").model_copy(
        update={"steward_of": frozenset({group.hub_id})}
    )
    for caller in (member, steward_elsewhere, a_reader(), only_reading):
        for method, path in (("PATCH", f"/groups/{group.id}"), ("POST", f"/groups/{group.id}/archive")):
            answer = await membership.acting_as(caller).call(method, path, {})
            assert answer.problem() == (404, "not_found", [])


@pytest.mark.parametrize("policy", ["invitation", "request"])
async def test_only_its_conveners_open_a_group_that_is_not_open(
    membership: Client, database: Database, policy: str
) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub, join_policy=policy)
    steward = membership.acting_as(await acting(database, await a_person(database, hub, Role.STEWARD)))
    convener = membership.acting_as(await acting(database, await a_member(database, group, Role.CONVENER)))
    path = f"/groups/{group.id}"
    assert (await steward.patch(path, {"join_policy": "open"})).problem() == (
        403,
        "join_policy_is_theirs",
        ["join_policy"],
    )
    assert (await steward.patch(path, {"join_policy": policy, "name": "Named by the hub"})).status == 200
    assert (await convener.patch(path, {"join_policy": "open"})).body["join_policy"] == "open"
    assert (await steward.patch(path, {"join_policy": "invitation"})).status == 200


async def test_of_a_group_that_nobody_has_convened_yet_the_hub_says_how_one_comes_in(
    membership: Client, database: Database
) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub, join_policy="request")
    answer = await membership.acting_as(a_hub_key(hub)).patch(f"/groups/{group.id}", {"join_policy": "invitation"})
    assert answer.body["join_policy"] == "invitation"


async def test_what_a_group_must_have_cannot_be_taken_away(membership: Client, database: Database) -> None:
    group = await a_group(database, await a_hub(database))
    operator = membership.acting_as(an_operator())
    for field, value in (
        ("name", None),
        ("domain", ""),
        ("practice", None),
        ("themes", None),
        ("themes", ["gossip"]),
        ("join_policy", None),
        ("join_policy", "secret"),
    ):
        answer = await operator.patch(f"/groups/{group.id}", {field: value})
        assert (answer.status, answer.problem()[2][:1]) == (422, [field]), (field, value, answer.body)
    for field in ("slug", "hub_id", "member_count", "founded"):
        assert (await operator.patch(f"/groups/{group.id}", {field: "x"})).problem()[2] == [field]
    assert await messages(database, "membership.group_changed", group.id) == []


async def test_nothing_new_happens_in_an_archived_group(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub)
    convener = await a_member(database, group, Role.CONVENER)
    acting_convener = membership.acting_as(await acting(database, convener))
    operator = membership.acting_as(an_operator())
    put_in, joining = await a_person(database), await a_person(database)
    waiting = (await operator.post(f"/groups/{group.id}/members", {"person_id": put_in.id})).body

    answer = await acting_convener.post(f"/groups/{group.id}/archive")
    assert answer.status == 200, answer.body
    assert answer.body["archived_at"] is not None
    again = (await operator.post(f"/groups/{group.id}/archive")).body
    assert (again["archived_at"], again["version"]) == (answer.body["archived_at"], 2)
    [told] = await messages(database, "membership.group_archived", group.id)
    assert told["data"] == {"group_id": group.id, "hub_id": hub.id, "version": 2}

    async def refused(caller: Principal, method: str, path: str, body: dict[str, object] | None = None) -> None:
        tried = await membership.acting_as(caller).call(method, path, body)
        assert tried.problem() == (409, "group_archived", []), (path, tried.body)

    own = await acting(database, put_in)
    await refused(await acting(database, joining), "POST", f"/groups/{group.id}/members")
    await refused(an_operator(), "POST", f"/groups/{group.id}/members", {"person_id": joining.id})
    await refused(own, "POST", f"/memberships/{waiting['id']}/accept")
    await refused(own, "POST", f"/groups/{group.id}/members")
    await refused(an_operator(), "PATCH", f"/groups/{group.id}", {"name": "Named anew"})
    await refused(an_operator(), "PATCH", f"/memberships/{waiting['id']}", {"roles": ["mediator"]})
    assert (await membership.acting_as(own).delete(f"/groups/{group.id}/members/me")).status == 200


async def test_an_archived_group_can_be_read_and_is_left_out_of_lists_unless_asked_for(
    membership: Client, database: Database
) -> None:
    hub = await a_hub(database)
    kept, closed = await a_group(database, hub, name="A"), await a_group(database, hub, name="B")
    await membership.acting_as(a_hub_key(hub)).post(f"/groups/{closed.id}/archive")
    reader = membership.acting_as(a_reader())

    async def listed(**params: str) -> list[str]:
        found = (await reader.get("/groups", params={"hub": hub.id, **params})).body["nodes"]
        return [group["id"] for group in found]

    assert await listed() == [kept.id]
    assert await listed(include_archived="true") == [kept.id, closed.id]
    assert (await reader.get("/groups", params={"include_archived": "perhaps"})).problem()[0] == 422
    assert (await reader.get(f"/groups/by-slug/{closed.slug}")).body["archived_at"] is not None
