"""Coming into a hub, and what stewards of it may do."""

from services.membership.hubs.model import Hub
from services.membership.principals.people import person_principal
from shared import clock
from shared.contracts.membership.memberships import Role
from shared.ids import new_id
from shared.mongo import Database
from tests.support.membership import a_hub, a_hub_key, a_person, a_reader, acting, an_operator, messages
from tests.support.serving import Client


async def test_who_looks_after_a_hub_brings_somebody_in(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    person = await a_person(database)
    key = membership.acting_as(a_hub_key(hub))
    answer = await key.post(f"/hubs/{hub.id}/members", {"person_id": person.id})
    assert answer.status == 201, answer.body
    assert (answer.body["group_id"], answer.body["roles"]) == (None, ["member"])
    assert answer.body["accepted_at"] is None
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


async def test_the_person_accepts_once_and_stays_accepted(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    person = await a_person(database)
    made = (await membership.acting_as(a_hub_key(hub)).post(f"/hubs/{hub.id}/members", {"person_id": person.id})).body
    own = membership.acting_as(await acting(database, person))
    first = await own.post(f"/memberships/{made['id']}/accept")
    assert first.status == 200, first.body
    assert first.body["accepted_at"] is not None
    assert first.body["version"] == 2
    assert (await own.post(f"/memberships/{made['id']}/accept")).body == first.body
    assert (await own.delete(f"/hubs/{hub.id}/members/me")).status == 200
    for gone in (made["id"], new_id("mem"), "mem_x"):
        assert (await own.post(f"/memberships/{gone}/accept")).status == 404


async def test_a_hub_that_came_with_the_person_waits_for_their_yes(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    body = {"name": "New", "email": "new-here@example.org", "hub_id": hub.id}
    person = (await membership.acting_as(a_hub_key(hub)).post("/people", body)).body
    own = membership.acting_as(await person_principal(database, person["id"], clock.now()))
    where = {"person": person["id"]}
    [made] = (await own.get("/memberships", params=where)).body["nodes"]
    assert (made["hub_id"], made["accepted_at"]) == (hub.id, None)
    assert (await own.post(f"/memberships/{made['id']}/accept")).status == 200
    [accepted] = (await own.get("/memberships", params=where)).body["nodes"]
    assert accepted["accepted_at"] is not None


async def test_leaving_a_hub_ends_what_it_opened(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    person = await a_person(database, hub, Role.STEWARD)
    own = membership.acting_as(await acting(database, person))
    left = await own.delete(f"/hubs/{hub.id}/members/me")
    assert left.status == 200, left.body
    assert left.body["left_at"] is not None
    [told] = await messages(database, "membership.hub_left", left.body["id"])
    assert (told["hub"], told["data"]["version"]) == (hub.id, left.body["version"])
    assert person.id in told["touches"]
    after = await acting(database, person)
    assert after.hubs == after.steward_of == frozenset()
    stored = await database["people"].find_one({"_id": person.id})
    assert (stored["hub_ids"], stored["listed_in"]) == ([], [])
    assert (await own.delete(f"/hubs/{hub.id}/members/me")).status == 404


async def test_leaving_a_hub_tells_to_which_hubs_the_person_belongs_no_longer(
    membership: Client, database: Database
) -> None:
    top = await a_hub(database)
    left, other = await a_hub(database, top), await a_hub(database, top)
    person = await a_person(database, left)

    async def told_on_leaving(hub: Hub) -> list[str]:
        own = membership.acting_as(await acting(database, person))
        gone = await own.delete(f"/hubs/{hub.id}/members/me")
        [told] = await messages(database, "membership.hub_left", gone.body["id"])
        hubs: list[str] = told["data"]["no_longer_in"]
        return hubs

    operator = membership.acting_as(an_operator())
    await operator.post(f"/hubs/{other.id}/members", {"person_id": person.id})
    assert await told_on_leaving(other) == [], "what was never accepted opened nothing"
    joined = (await operator.post(f"/hubs/{other.id}/members", {"person_id": person.id})).body["id"]
    await membership.acting_as(await acting(database, person)).post(f"/memberships/{joined}/accept")
    assert await told_on_leaving(left) == [left.id], "the one above is still theirs by the other"
    assert await told_on_leaving(other) == [other.id, top.id]


async def test_only_the_person_and_who_looks_after_the_hub_end_a_membership(
    membership: Client, database: Database
) -> None:
    hub = await a_hub(database)
    person = await a_person(database, hub)
    path = f"/hubs/{hub.id}/members/{person.id}"
    other = await acting(database, await a_person(database, hub, Role.CATALYST))
    for caller in (other, a_hub_key(hub, "directory:read"), a_hub_key(await a_hub(database))):
        assert (await membership.acting_as(caller).delete(path)).status == 404
    key = membership.acting_as(a_hub_key(hub))
    assert (await key.delete(f"/hubs/{hub.id}/members/me")).problem()[:2] == (403, "person_needed")
    assert (await key.delete(path)).status == 200
