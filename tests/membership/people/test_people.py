"""People: profiles, the directory, and who may change what."""

from datetime import timedelta

import pytest

from shared import clock
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


async def test_a_hub_adds_a_person_who_then_belongs_to_it(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    body = {
        "name": "  Amina Osei ",
        "email": "Amina.Osei@Example.ORG",
        "hub_id": hub.id,
        "headline": "Commissioner",
        "themes": ["trust"],
        "actor_kinds": ["public_commissioner"],
        "languages": ["en", "cy"],
        "offers": ["a listening ear"],
    }
    answer = await membership.acting_as(a_hub_key(hub)).post("/people", body)
    assert answer.status == 201, answer.body
    assert answer.body["name"] == "Amina Osei"
    assert answer.body["contacts"] == []
    stored = await database["people"].find_one({"_id": answer.body["id"]})
    assert stored["address"] == "amina.osei@example.org"
    assert (stored["hub_ids"], stored["listed_in"]) == ([], [hub.id])
    [told] = await messages(database, "membership.person_added", answer.body["id"])
    assert (told["hub"], told["reach"]) == (hub.id, "hub")
    assert "example.org" not in str(told)
    page = (await membership.acting_as(a_reader()).get("/memberships", params={"hub": hub.id})).body
    assert [m["person_id"] for m in page["nodes"]] == [answer.body["id"]]


async def test_an_address_belongs_to_one_person_however_it_is_written(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    key = membership.acting_as(a_hub_key(hub))
    assert (await key.post("/people", {"name": "A", "email": "one@straße.example.org"})).status == 201
    for again in ("ONE@straße.example.org", " one@xn--strae-oqa.example.org "):
        answer = await key.post("/people", {"name": "B", "email": again, "hub_id": hub.id})
        assert answer.problem() == (409, "address_in_use", ["email"])
    assert await database["people"].count_documents({"name": "B"}) == 0
    assert await database["memberships"].count_documents({"hub_id": hub.id}) == 0


async def test_adding_people_is_for_who_administers_a_hub_and_into_their_own(
    membership: Client, database: Database
) -> None:
    hub = await a_hub(database)
    body = {"name": "A", "email": "not-added@example.org", "hub_id": hub.id}
    assert (await membership.acting_as(somebody()).post("/people", body)).problem()[:2] == (403, "scope_missing")
    foreign = membership.acting_as(a_hub_key(await a_hub(database)))
    assert (await foreign.post("/people", body)).problem() == (404, "not_found", ["hub_id"])
    assert await database["people"].count_documents({"address": "not-added@example.org"}) == 0


async def test_a_person_changes_their_own_profile(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    person = await a_person(database, hub, headline="Before")
    caller = membership.acting_as(await acting(database, person))
    change = {"headline": None, "bio": "I try things.\nThen I tell.", "seeks": ["a critical friend"], "name": "Bo"}
    answer = await caller.patch(f"/people/{person.id}", change)
    assert answer.status == 200, answer.body
    assert {name: answer.body[name] for name in change} == change
    assert answer.body["version"] == 2
    [told] = await messages(database, "membership.person_changed", person.id)
    assert told["data"]["changed"] == ["bio", "headline", "name", "seeks"]
    assert told["hub"] == hub.id
    again = await caller.patch(f"/people/{person.id}", change)
    assert again.body["version"] == 2
    assert len(await messages(database, "membership.person_changed", person.id)) == 1


async def test_a_bio_has_lines_and_a_text_that_cannot_be_seen_takes_it_away(
    membership: Client, database: Database
) -> None:
    person = await a_person(database)
    caller = membership.acting_as(await acting(database, person))
    for sent, kept in (("I farm.\n\nI listen.", "I farm.\n\nI listen."), ("\u200b \u2060", None), ("", None)):
        answer = await caller.patch(f"/people/{person.id}", {"bio": sent})
        assert (answer.status, answer.body["bio"]) == (200, kept), answer.body
    for field in ("headline", "pronouns"):
        assert (await caller.patch(f"/people/{person.id}", {field: "They"})).body[field] == "They"
        assert (await caller.patch(f"/people/{person.id}", {field: "  "})).body[field] is None


async def test_a_change_keeps_where_the_person_belongs(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub)
    person = await a_member(database, group)
    caller = membership.acting_as(await acting(database, person))
    await caller.patch(f"/people/{person.id}", {"bio": "still here"})
    page = (await caller.get("/people", params={"group": group.id})).body
    assert [p["id"] for p in page["nodes"]] == [person.id]


async def test_nobody_changes_somebody_elses_profile_but_an_operator(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    person = await a_person(database, hub)
    steward = await acting(database, await a_person(database, hub, Role.STEWARD))
    for caller in (somebody(), steward, a_hub_key(hub)):
        answer = await membership.acting_as(caller).patch(f"/people/{person.id}", {"name": "Changed"})
        assert answer.problem()[:2] == (404, "not_found")
    operator = membership.acting_as(an_operator())
    assert (await operator.patch(f"/people/{person.id}", {"name": "Changed"})).body["name"] == "Changed"
    answer = await operator.patch(f"/people/{person.id}", {"contacts": []})
    assert answer.problem() == (403, "contacts_are_their_owners", ["contacts"])
    assert (await operator.patch(f"/people/{new_id('per')}", {"name": "Nobody"})).status == 404


async def test_affiliations_are_stated_by_the_person_and_count_while_they_last(
    membership: Client, database: Database
) -> None:
    operator = membership.acting_as(an_operator())
    organisations = [
        (await operator.post("/organisations", {"name": f"Trust {n}", "kind": "charitable_funder"})).body["id"]
        for n in range(3)
    ]
    person = await a_person(database)
    caller = membership.acting_as(await acting(database, person))
    today = clock.now().date()
    past, future = str(today - timedelta(days=1)), str(today + timedelta(days=1))
    change = {
        "affiliations": [
            {"organisation_id": organisations[0], "since": past},
            {"organisation_id": organisations[1], "until": past},
            {"organisation_id": organisations[2], "since": future},
        ]
    }
    answer = await caller.patch(f"/people/{person.id}", change)
    assert answer.status == 200, answer.body
    assert answer.body["affiliations"][0] == {
        "organisation_id": organisations[0],
        "since": past,
        "until": None,
        "provenance": "person",
    }
    assert (await acting(database, person)).organisations == {organisations[0]}
    unknown = {"affiliations": [{"organisation_id": organisations[0]}, {"organisation_id": new_id("org")}]}
    answer = await caller.patch(f"/people/{person.id}", unknown)
    assert answer.problem() == (404, "not_found", ["affiliations", 1, "organisation_id"])
    backwards = {"affiliations": [{"organisation_id": organisations[0], "since": future, "until": past}]}
    assert (await caller.patch(f"/people/{person.id}", backwards)).problem()[2] == ["affiliations", 0, "until"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("zoë", True),
        ("ZOE", True),
        ("zo quill", True),
        ("coproduc", True),
        ("zoe banana", False),
        ("oë", False),
        ("zoe-quill@example.org", False),
        ("!!!", False),
        ("$where .* \x00", False),
    ],
)
async def test_people_are_found_by_words_and_their_beginnings_never_by_contacts(
    membership: Client, database: Database, search: str, found: bool
) -> None:
    address = "zoe-quill-unseen@example.org"
    if not await database["people"].count_documents({"address": address}):
        await a_person(database, name="Zoë Quillfeather", email=address, offers=["Coproduction"])
    page = (await membership.acting_as(a_reader()).get("/people", params={"search": search})).body
    assert [p["name"] for p in page["nodes"]] == (["Zoë Quillfeather"] if found else [])


async def test_the_directory_narrows_by_hub_group_theme_and_actor_kind(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    below = await a_hub(database, top)
    group = await a_group(database, below)
    in_top = await a_person(database, top, name="A", themes=["trust"])
    in_below = await a_person(database, below, name="B", actor_kinds=["researcher"])
    in_group = await a_member(database, group, name="C", themes=["trust"])
    await a_person(database, await a_hub(database), name="D", themes=["trust"])
    reader = membership.acting_as(a_reader())

    async def found(**params: str) -> list[str]:
        return [p["id"] for p in (await reader.get("/people", params=params)).body["nodes"]]

    assert await found(hub=top.id) == [in_top.id, in_below.id, in_group.id]
    assert await found(hub=below.id) == [in_below.id, in_group.id]
    assert await found(group=group.id) == [in_group.id]
    assert await found(hub=top.id, theme="trust") == [in_top.id, in_group.id]
    assert await found(hub=top.id, actor_kind="researcher") == [in_below.id]


async def test_people_are_read_in_pages_without_gaps_or_repeats(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    everyone = [await a_person(database, hub, name="Same Name") for _ in range(7)]
    reader = membership.acting_as(a_reader())
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = (await reader.get("/people", params={"hub": hub.id, "first": "3", **after})).body
        seen += [p["id"] for p in page["nodes"]]
        if not page["has_next"]:
            break
        after = {"after": page["cursors"][-1]}
    assert seen == [p.id for p in everyone]


async def test_a_contact_is_an_address_of_its_kind(membership: Client, database: Database) -> None:
    person = await a_person(database)
    good = [
        ("website", "https://example.org"),
        ("website", "HTTP://münchen.example:8080/a?b=c#d"),
        ("linkedin", "https://www.linkedin.com/in/una-dodds/"),
        ("mastodon", "@una.dodds@social.example.org"),
        ("mastodon", "https://social.example.org/@una"),
        ("other", "Signal: una.42"),
        ("other", "https://example.org/@una"),
        ("phone", "+44 (0)191 496-0000"),
        ("phone", "01632.960.001"),
        ("phone", "99999"),
    ]
    contacts = [{"kind": kind, "value": value} for kind, value in good]
    own = membership.acting_as(await acting(database, person))
    answer = await own.patch(f"/people/{person.id}", {"contacts": contacts})
    assert answer.status == 200, answer.body
    assert [(c["kind"], c["value"]) for c in answer.body["contacts"]] == good
