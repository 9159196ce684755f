"""Organisations are added by hubs and found by kind and words; one of a name that is there already is asked about."""

import asyncio

from shared.ids import new_id
from shared.mongo import Database
from tests.support.membership import a_hub, a_hub_key, a_reader, messages, somebody
from tests.support.serving import Answer, Client


def told(answer: Answer) -> str:
    """The sentence of an answer's one problem."""
    assert answer.status == 409, answer.body
    (problem,) = answer.body["problems"]
    return str(problem["message"])


async def test_a_hub_adds_an_organisation(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    body = {
        "name": "Tyne Care",
        "kind": "delivery_organisation",
        "domains": ["housing", "housing"],
        "website": "https://tynecare.example.org/",
        "hub_id": hub.id,
    }
    answer = await membership.acting_as(a_hub_key(hub)).post("/organisations", body)
    assert answer.status == 201, answer.body
    assert answer.body["domains"] == ["housing"]
    [told] = await messages(database, "membership.organisation_added", answer.body["id"])
    assert (told["hub"], told["reach"]) == (hub.id, "hub")
    foreign = membership.acting_as(a_hub_key(await a_hub(database)))
    assert (await foreign.post("/organisations", body)).problem() == (404, "not_found", ["hub_id"])
    assert (await membership.acting_as(somebody()).post("/organisations", body)).status == 403
    bad = {**body, "website": "javascript:alert(1)"}
    answer = await membership.acting_as(a_hub_key(hub)).post("/organisations", bad)
    assert (answer.status, answer.body["problems"][0]["path"]) == (422, ["website"])


async def test_organisations_are_found(membership: Client, database: Database) -> None:
    key = membership.acting_as(a_hub_key(await a_hub(database)))
    made = [
        (await key.post("/organisations", {"name": name, "kind": kind})).body["id"]
        for name, kind in (("Northern Fund", "charitable_funder"), ("Northern Lab", "researcher"))
    ]
    reader = membership.acting_as(a_reader())

    async def found(**params: str) -> list[str]:
        return [o["id"] for o in (await reader.get("/organisations", params=params)).body["nodes"]]

    assert await found(search="northern") == made
    assert await found(search="north", kind="researcher") == made[1:]
    assert await found(search="south") == []
    by_ids = (await reader.post("/organisations/by-ids", {"ids": [made[0], new_id("org")]})).body
    assert [o["id"] for o in by_ids] == made[:1]


async def test_an_organisation_of_a_name_that_is_there_asks_back(membership: Client, database: Database) -> None:
    key = membership.acting_as(a_hub_key(await a_hub(database)))
    place = {"name": "Gateshead", "latitude": 54.96, "longitude": -1.6}
    first = (await key.post("/organisations", {"name": "Café Élan", "kind": "researcher", "place": place})).body["id"]
    for name in ("Café Élan", "CAFE ELAN", "cafe\u0301 e\u0301lan", "  Café   Élan "):
        answer = await key.post("/organisations", {"name": name, "kind": "charitable_funder"})
        assert answer.problem() == (409, "organisation_exists", ["name"]), name
        for part in (first, "Café Élan", "Gateshead", "is_another"):
            assert part in told(answer), (name, part)
    assert await database["organisations"].count_documents({"name_key": "cafe elan"}) == 1
    another = await key.post("/organisations", {"name": "Cafe Elan", "kind": "researcher", "is_another": True})
    assert another.status == 201
    both = await key.post("/organisations", {"name": "Cafe Elan", "kind": "researcher", "is_another": False})
    assert all(each in told(both) for each in (first, another.body["id"]))
    assert len(await messages(database, "membership.organisation_added", another.body["id"])) == 1


async def test_of_many_that_add_the_same_name_at_once_one_does(membership: Client, database: Database) -> None:
    key = membership.acting_as(a_hub_key(await a_hub(database)))
    body = {"name": "All At Once", "kind": "researcher"}
    answers = await asyncio.gather(*(key.post("/organisations", body) for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [201, *[409] * 7]
    assert await database["organisations"].count_documents({"name_key": "all at once"}) == 1


async def test_one_that_was_added_before_names_were_noted_is_known_too(membership: Client, database: Database) -> None:
    key = membership.acting_as(a_hub_key(await a_hub(database)))
    body = {"name": "Long There", "kind": "researcher"}
    assert (await key.post("/organisations", body)).status == 201
    await database["organisation_names"].driver.drop()
    assert (await key.post("/organisations", body)).problem()[:2] == (409, "organisation_exists")


async def test_whoever_may_add_an_organisation_changes_each(membership: Client, database: Database) -> None:
    key = membership.acting_as(a_hub_key(await a_hub(database)))
    other = membership.acting_as(a_hub_key(await a_hub(database)))
    made = (await key.post("/organisations", {"name": "Changes of Hull", "kind": "researcher"})).body
    sent = {"name": "Changes of Goole", "website": "https://example.org/", "domains": ["trust"], "version": 1}
    answer = await other.patch(f"/organisations/{made['id']}", sent)
    assert answer.status == 200, answer.body
    assert {name: answer.body[name] for name in sent} == {**sent, "version": 2}
    [told] = await messages(database, "membership.organisation_changed", made["id"])
    assert told["data"]["changed"] == ["domains", "name", "website"]
    found = (await key.get("/organisations", params={"search": "goole"})).body["nodes"]
    assert [one["id"] for one in found] == [made["id"]]
    late = await key.patch(f"/organisations/{made['id']}", {"kind": "public_agency", "version": 1})
    assert late.problem() == (409, "changed_meanwhile", ["version"])
    assert (await key.patch(f"/organisations/{made['id']}", {"website": None})).body["website"] is None
    for field, value in (("name", None), ("kind", "x"), ("website", "nowhere"), ("is_another", None), ("hub_id", "x")):
        assert (await key.patch(f"/organisations/{made['id']}", {field: value})).problem()[2] == [field], field
    nowhere = await key.patch(f"/organisations/{new_id('org')}", {"name": "Nowhere"})
    assert nowhere.problem() == (404, "not_found", [])


async def test_a_new_name_that_others_have_asks_back(membership: Client, database: Database) -> None:
    key = membership.acting_as(a_hub_key(await a_hub(database)))
    await key.post("/organisations", {"name": "Here Already", "kind": "researcher"})
    made = (await key.post("/organisations", {"name": "To Be Renamed", "kind": "researcher"})).body
    path = f"/organisations/{made['id']}"
    assert (await key.patch(path, {"name": "here already"})).problem() == (409, "organisation_exists", ["name"])
    assert (await key.patch(path, {"name": "To be renamed"})).status == 200
    assert (await key.patch(path, {"name": "Here Already", "is_another": True})).body["name"] == "Here Already"
