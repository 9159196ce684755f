"""Organisations are added by hubs and found by kind and words."""

from shared.ids import new_id
from shared.mongo import Database
from tests.support.membership import a_hub, a_hub_key, a_reader, messages, somebody
from tests.support.serving import Client


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
