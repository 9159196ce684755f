"""Coming into a hub, and what stewards of it may do."""

from shared.contracts.words import Role
from shared.ids import new_id
from shared.mongo import Database
from tests.support.membership import a_hub, a_hub_key, a_person, a_reader, acting, messages
from tests.support.serving import Client


async def test_who_looks_after_a_hub_brings_somebody_in(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    person = await a_person(database)
    key = membership.acting_as(a_hub_key(hub))
    answer = await key.post(f"/hubs/{hub.id}/members", {"person_id": person.id})
    assert answer.status == 201, answer.body
    assert (answer.body["group_id"], answer.body["roles"]) == (None, ["member"])
    [told] = await messages(database, "membership.hub_joined", answer.body["id"])
    assert {hub.id, person.id} <= set(told["touches"].split())
    page = (await membership.acting_as(a_reader()).get("/memberships", params={"hub": hub.id})).body
    assert [m["id"] for m in page["nodes"]] == [answer.body["id"]]


async def test_a_steward_looks_after_the_hub_and_all_below_it(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    hub = await a_hub(database, top)
    below = await a_hub(database, hub)
    person = await a_person(database, hub)
    assert (await acting(database, person)).scopes.isdisjoint({"hub:admin", "webhooks:manage"})
    body = {"person_id": person.id, "roles": ["steward"]}
    answer = await membership.acting_as(a_hub_key(hub)).post(f"/hubs/{hub.id}/members", body)
    assert answer.body["roles"] == ["member", "steward"]
    steward = await acting(database, person)
    assert steward.steward_of == {hub.id, below.id}
    assert steward.hubs == {hub.id, top.id}
    assert {"hub:admin", "webhooks:manage"} <= steward.scopes
    newcomer = {"person_id": (await a_person(database)).id}
    assert (await membership.acting_as(steward).post(f"/hubs/{below.id}/members", newcomer)).status == 201
    assert (await membership.acting_as(steward).post(f"/hubs/{top.id}/members", newcomer)).status == 404


async def test_a_plain_member_brings_nobody_in(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    member = membership.acting_as(await acting(database, await a_person(database, hub, Role.CATALYST)))
    body = {"person_id": (await a_person(database)).id}
    assert (await member.post(f"/hubs/{hub.id}/members", body)).problem()[:2] == (403, "scope_missing")


async def test_unknown_people_do_not_come_in(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    answer = await membership.acting_as(a_hub_key(hub)).post(f"/hubs/{hub.id}/members", {"person_id": new_id("per")})
    assert answer.problem() == (404, "not_found", ["person_id"])
