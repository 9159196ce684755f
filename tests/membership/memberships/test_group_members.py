"""Joining and leaving groups: policies, roles, counts that stay right when many come at once."""

import asyncio

import pytest

from shared.contracts.membership.memberships import Role
from shared.ids import new_id
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
    somebody,
)
from tests.support.serving import Client


async def member_count(membership: Client, group_id: str) -> int:
    found = (await membership.acting_as(a_reader()).post("/groups/by-ids", {"ids": [group_id]})).body
    return int(found[0]["member_count"])


async def test_a_person_joins_an_open_group(membership: Client, database: Database) -> None:
    group = await a_group(database, await a_hub(database))
    person = await a_person(database)
    caller = membership.acting_as(await acting(database, person))
    answer = await caller.post(f"/groups/{group.id}/members", {})
    assert answer.status == 201, answer.body
    assert answer.body["roles"] == ["member"]
    assert answer.body["person_id"] == person.id
    assert answer.body["accepted_at"] == answer.body["joined_at"]
    assert await member_count(membership, group.id) == 1
    [told] = await messages(database, "membership.group_joined", answer.body["id"])
    assert told["hub"] == group.hub_id
    assert {group.id, person.id, answer.body["id"]} <= set(told["touches"].split())
    principal = await acting(database, person)
    assert principal.groups == {group.id: group.hub_id}
    assert principal.convenes == frozenset()
    assert principal.hubs == frozenset()


async def test_joining_again_answers_the_membership_there_is(membership: Client, database: Database) -> None:
    group = await a_group(database, await a_hub(database))
    caller = membership.acting_as(await acting(database, await a_person(database)))
    first = (await caller.post(f"/groups/{group.id}/members", {})).body
    again = (await caller.post(f"/groups/{group.id}/members", {})).body
    assert again == first
    assert await member_count(membership, group.id) == 1
    assert len(await messages(database, "membership.group_joined", first["id"])) == 1


@pytest.mark.parametrize(
    ("policy", "code"), [("request", "joining_needs_request"), ("invitation", "joining_needs_invitation")]
)
async def test_a_group_that_is_not_open_lets_nobody_in_by_themselves(
    membership: Client, database: Database, policy: str, code: str
) -> None:
    group = await a_group(database, await a_hub(database), join_policy=policy)
    caller = membership.acting_as(await acting(database, await a_person(database)))
    answer = await caller.post(f"/groups/{group.id}/members", {})
    assert answer.problem()[:2] == (409, code)
    assert await member_count(membership, group.id) == 0


async def test_who_looks_after_a_group_brings_somebody_in_with_roles(membership: Client, database: Database) -> None:
    group = await a_group(database, await a_hub(database), join_policy="invitation")
    convener = await acting(database, await a_member(database, group, Role.CONVENER))
    assert convener.convenes == {group.id}
    newcomer = await a_person(database)
    body = {"person_id": newcomer.id, "roles": ["mediator"]}
    answer = await membership.acting_as(convener).post(f"/groups/{group.id}/members", body)
    assert answer.status == 201, answer.body
    assert answer.body["roles"] == ["member", "mediator"]


CLOSED = ("request", "invitation")
BY_CONVENERS = (403, "invitation_needed", ["person_id"])


@pytest.mark.parametrize("policy", CLOSED)
async def test_who_looks_after_the_hub_founds_a_group_and_then_it_is_its_conveners(
    membership: Client, database: Database, policy: str
) -> None:
    top = await a_hub(database)
    hub = await a_hub(database, top)
    group = await a_group(database, hub, join_policy=policy)
    path, key = f"/groups/{group.id}/members", membership.acting_as(a_hub_key(hub))
    first = await a_person(database)
    made = (await key.post(path, {"person_id": first.id, "roles": ["convener"]})).body
    # A convener who has not accepted convenes nothing yet, and the hub may ask somebody else.
    assert (await key.post(path, {"person_id": (await a_person(database)).id})).status == 201
    own = membership.acting_as(await acting(database, first))
    assert (await own.post(f"/memberships/{made['id']}/accept")).status == 200
    counted = await member_count(membership, group.id)
    body = {"person_id": (await a_person(database)).id}
    for caller in (a_hub_key(hub), a_hub_key(top, below=(hub,)), an_operator()):
        assert (await membership.acting_as(caller).post(path, body)).problem() == BY_CONVENERS
    for place in (hub, top):
        steward = membership.acting_as(await acting(database, await a_person(database, place, Role.STEWARD)))
        assert (await steward.post(path, body)).problem() == BY_CONVENERS
        assert (await steward.post(path, {})).problem()[:2] == (409, f"joining_needs_{policy}")
    assert await member_count(membership, group.id) == counted
    convener = membership.acting_as(await acting(database, first))
    assert (await convener.post(path, body)).status == 201


@pytest.mark.parametrize("ending", ["leaves", "is put out", "is given another role"])
async def test_a_group_that_lost_its_convener_is_not_founded_again(
    membership: Client, database: Database, ending: str
) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub, join_policy="invitation")
    convener, member = await a_member(database, group, Role.CONVENER), await a_person(database)
    path, key = f"/groups/{group.id}/members", membership.acting_as(a_hub_key(hub))
    own = membership.acting_as(await acting(database, convener))
    made = (await own.post(path, {"person_id": member.id})).body
    roles = {"person_id": member.id, "roles": ["convener"]}
    assert (await key.post(path, roles)).problem() == (403, "invitation_needed", ["roles"])
    if ending == "leaves":
        assert (await own.delete(f"{path}/me")).status == 200
    elif ending == "is put out":
        assert (await key.delete(f"{path}/{convener.id}")).status == 200
    else:
        down = {"person_id": convener.id, "roles": ["member"]}
        assert (await key.post(path, down)).problem() == (403, "invitation_needed", ["roles"])
        assert (await own.post(path, down)).status == 201
    stranger = {"person_id": (await a_person(database)).id, "roles": ["convener"]}
    assert (await key.post(path, stranger)).problem() == BY_CONVENERS
    # One of those who are in it by their own word may take over; nobody else.
    assert (await key.post(path, roles)).problem() == (403, "invitation_needed", ["roles"])
    joined = membership.acting_as(await acting(database, member))
    assert (await joined.post(f"/memberships/{made['id']}/accept")).status == 200
    assert (await key.post(path, roles)).status == 201
    assert (await acting(database, member)).convenes == {group.id}
    del stranger["roles"]
    assert (await membership.acting_as(await acting(database, member)).post(path, stranger)).status == 201


async def test_a_convener_who_accepts_while_others_are_put_in_ends_the_founding(
    membership: Client, database: Database
) -> None:
    hub = await a_hub(database)
    key = membership.acting_as(a_hub_key(hub))
    for _ in range(5):
        group = await a_group(database, hub, join_policy="invitation")
        first = await a_person(database)
        path = f"/groups/{group.id}/members"
        made = (await key.post(path, {"person_id": first.id, "roles": ["convener"]})).body
        own = membership.acting_as(await acting(database, first))
        people = [await a_person(database) for _ in range(4)]
        answers = await asyncio.gather(
            own.post(f"/memberships/{made['id']}/accept"),
            *(key.post(path, {"person_id": person.id}) for person in people),
        )
        assert answers[0].status == 200
        assert {answer.status for answer in answers[1:]} <= {201, 403}
        assert (await key.post(path, {"person_id": (await a_person(database)).id})).problem() == BY_CONVENERS


async def test_roles_of_a_member_are_changed_by_who_looks_after_the_group(
    membership: Client, database: Database
) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub)
    person = await a_member(database, group)
    body = {"person_id": person.id, "roles": ["convener"]}
    answer = await membership.acting_as(a_hub_key(hub)).post(f"/groups/{group.id}/members", body)
    assert answer.body["roles"] == ["member", "convener"]
    assert answer.body["version"] == 3
    [told] = await messages(database, "membership.roles_changed", answer.body["id"])
    assert person.id in told["touches"]
    assert (await acting(database, person)).convenes == {group.id}
    assert await member_count(membership, group.id) == 1


async def test_nobody_gives_roles_to_themselves(membership: Client, database: Database) -> None:
    group = await a_group(database, await a_hub(database))
    caller = membership.acting_as(await acting(database, await a_person(database)))
    answer = await caller.post(f"/groups/{group.id}/members", {"roles": ["convener"]})
    assert answer.problem() == (403, "roles_are_given", ["roles"])
    assert (await caller.post(f"/groups/{group.id}/members", {})).status == 201
    assert (await caller.post(f"/groups/{group.id}/members", {"roles": ["steward"]})).status == 403


async def test_nobody_brings_others_into_a_group_that_is_not_theirs(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub)
    body = {"person_id": (await a_person(database)).id}
    plain = await acting(database, await a_member(database, group))
    reading_key = a_hub_key(hub, "directory:read")
    foreign_key = a_hub_key(await a_hub(database))
    for caller in (plain, reading_key, foreign_key, somebody()):
        answer = await membership.acting_as(caller).post(f"/groups/{group.id}/members", body)
        assert answer.problem()[:2] == (404, "not_found")
    assert await member_count(membership, group.id) == 1


async def test_a_key_has_no_self_to_join_with(membership: Client, database: Database) -> None:
    group = await a_group(database, await a_hub(database))
    answer = await membership.acting_as(an_operator()).post(f"/groups/{group.id}/members", {})
    assert answer.problem()[:2] == (403, "person_needed")


async def test_unknown_people_and_groups_are_not_there(membership: Client, database: Database) -> None:
    group = await a_group(database, await a_hub(database))
    operator = membership.acting_as(an_operator())
    answer = await operator.post(f"/groups/{group.id}/members", {"person_id": new_id("per")})
    assert answer.problem() == (404, "not_found", ["person_id"])
    answer = await operator.post(f"/groups/{new_id('grp')}/members", {"person_id": (await a_person(database)).id})
    assert answer.problem()[:2] == (404, "not_found")


async def test_leaving_frees_the_person_and_joining_again_makes_a_new_membership(
    membership: Client, database: Database
) -> None:
    group = await a_group(database, await a_hub(database))
    person = await a_member(database, group, Role.CONVENER)
    caller = membership.acting_as(await acting(database, person))
    left = await caller.delete(f"/groups/{group.id}/members/me")
    assert left.status == 200, left.body
    assert left.body["left_at"] is not None
    assert await member_count(membership, group.id) == 0
    [told] = await messages(database, "membership.group_left", left.body["id"])
    assert person.id in told["touches"]
    assert (await acting(database, person)).groups == {}
    assert (await caller.delete(f"/groups/{group.id}/members/me")).status == 404
    again = (await caller.post(f"/groups/{group.id}/members", {})).body
    assert again["id"] != left.body["id"]
    assert again["roles"] == ["member"]


async def test_only_the_person_and_who_looks_after_the_group_end_a_membership(
    membership: Client, database: Database
) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub)
    person = await a_member(database, group)
    other = await acting(database, await a_member(database, group))
    path = f"/groups/{group.id}/members/{person.id}"
    assert (await membership.acting_as(other).delete(path)).status == 404
    assert (await membership.acting_as(a_hub_key(hub, "directory:read")).delete(path)).status == 404
    assert (await membership.acting_as(a_hub_key(hub)).delete(path)).status == 200


async def test_the_count_is_right_when_many_join_and_leave_at_once(membership: Client, database: Database) -> None:
    group = await a_group(database, await a_hub(database))
    staying = [await acting(database, await a_person(database)) for _ in range(30)]
    leaving = [await acting(database, await a_member(database, group)) for _ in range(10)]
    joins = [
        membership.acting_as(person).post(
            f"/groups/{group.id}/members", {}, headers={"idempotency-key": f"k{n}"} if n % 2 else None
        )
        for n, person in enumerate(staying)
    ]
    leaves = [membership.acting_as(person).delete(f"/groups/{group.id}/members/me") for person in leaving]
    answers = await asyncio.gather(*joins, *leaves)
    assert [a.status for a in answers] == [201] * 30 + [200] * 10
    assert await member_count(membership, group.id) == 30
    assert await database["memberships"].count_documents({"group_id": group.id, "live": True}) == 30


async def test_the_same_person_joining_many_times_at_once_is_in_once(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub)
    person = await a_person(database)
    caller = membership.acting_as(await acting(database, person))
    operator = membership.acting_as(an_operator())
    answers = await asyncio.gather(
        *(caller.post(f"/groups/{group.id}/members", {}) for _ in range(8)),
        *(operator.post(f"/hubs/{hub.id}/members", {"person_id": person.id}) for _ in range(8)),
    )
    assert {a.status for a in answers} == {201}
    assert len({a.body["id"] for a in answers[:8]}) == 1
    assert len({a.body["id"] for a in answers[8:]}) == 1
    assert await member_count(membership, group.id) == 1


async def test_two_groups_joined_at_once_are_both_known_of_the_person(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    groups = [await a_group(database, hub) for _ in range(6)]
    person = await a_person(database)
    caller = membership.acting_as(await acting(database, person))
    await asyncio.gather(*(caller.post(f"/groups/{group.id}/members", {}) for group in groups))
    document = await database["people"].find_one({"_id": person.id})
    assert document["group_ids"] == sorted(group.id for group in groups)
    assert document["hub_ids"] == []
    assert document["listed_in"] == sorted([hub.id, *(group.id for group in groups)])


async def test_a_repeat_with_the_same_idempotency_key_joins_once(membership: Client, database: Database) -> None:
    group = await a_group(database, await a_hub(database))
    caller = membership.acting_as(await acting(database, await a_person(database)))
    headers = {"idempotency-key": "join-once"}
    answers = await asyncio.gather(*(caller.post(f"/groups/{group.id}/members", {}, headers=headers) for _ in range(5)))
    assert {a.status for a in answers} == {201}
    assert len({a.body["id"] for a in answers}) == 1
    assert await member_count(membership, group.id) == 1


async def test_members_are_listed_to_readers_and_past_ones_only_to_some(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub)
    people = [await a_member(database, group) for _ in range(3)]
    gone = await acting(database, people[0])
    past = (await membership.acting_as(gone).delete(f"/groups/{group.id}/members/me")).body
    reader = membership.acting_as(a_reader())
    page = (await reader.get("/memberships", params={"group": group.id})).body
    assert [m["person_id"] for m in page["nodes"]] == [people[1].id, people[2].id]
    of_person = (await reader.get("/memberships", params={"person": people[1].id})).body["nodes"]
    assert [m["group_id"] for m in of_person] == [group.id]
    assert (await reader.get("/memberships", params={"hub": hub.id})).body["nodes"] == []
    ids = {"ids": [past["id"], page["nodes"][0]["id"], "mem_x"]}
    assert [m["id"] for m in (await reader.post("/memberships/by-ids", ids)).body] == [page["nodes"][0]["id"]]
    for caller, seen in ((gone, 2), (a_hub_key(hub), 2), (a_hub_key(hub, "directory:read"), 1)):
        assert len((await membership.acting_as(caller).post("/memberships/by-ids", ids)).body) == seen
