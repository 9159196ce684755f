"""A hub is changed and archived by whoever looks after it."""

from shared.contracts.membership.memberships import Role
from shared.ids import new_id
from shared.mongo import Database
from tests.support.membership import (
    a_group,
    a_hub,
    a_hub_key,
    a_person,
    a_reader,
    acting,
    an_operator,
    messages,
    somebody,
)
from tests.support.serving import Client


async def test_a_hub_is_described_otherwise_and_the_message_names_only_fields(
    membership: Client, database: Database
) -> None:
    hub = await a_hub(database, place={"name": "Leeds"})
    key = membership.acting_as(a_hub_key(hub))
    sent = {"name": "Yorkshire", "summary": "For the county.", "kind": "regional", "place": None, "version": 1}
    answer = await key.patch(f"/hubs/{hub.id}", sent)
    assert answer.status == 200, answer.body
    changed = {name: answer.body[name] for name in ("name", "summary", "place", "slug", "version")}
    assert changed == {
        "name": "Yorkshire",
        "summary": "For the county.",
        "place": None,
        "slug": hub.slug,
        "version": 2,
    }
    [told] = await messages(database, "membership.hub_changed", hub.id)
    assert told["data"] == {"hub_id": hub.id, "changed": ["name", "place", "summary"], "version": 2}
    assert told["hub"] == hub.id


async def test_what_changes_nothing_is_told_to_nobody(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    key = membership.acting_as(a_hub_key(hub))
    for sent in ({}, {"name": hub.name}, {"version": 1}):
        assert (await key.patch(f"/hubs/{hub.id}", sent)).body["version"] == 1
    assert await messages(database, "membership.hub_changed", hub.id) == []


async def test_who_saw_an_older_version_of_a_hub_changes_nothing(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    key = membership.acting_as(a_hub_key(hub))
    await key.patch(f"/hubs/{hub.id}", {"name": "First"})
    late = await key.patch(f"/hubs/{hub.id}", {"name": "Second", "version": 1})
    assert late.problem() == (409, "changed_meanwhile", ["version"])
    [view] = (await key.post("/hubs/by-ids", {"ids": [hub.id]})).body
    assert view["name"] == "First"


async def test_who_looks_after_a_hub_above_changes_it_and_others_do_not(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    hub, other = await a_hub(database, top), await a_hub(database)
    steward = await acting(database, await a_person(database, top, Role.STEWARD))
    assert (await membership.acting_as(steward).patch(f"/hubs/{hub.id}", {"name": "By a steward"})).status == 200
    for path, call in ((f"/hubs/{hub.id}", "PATCH"), (f"/hubs/{hub.id}/archive", "POST")):
        stranger = await membership.acting_as(a_hub_key(other)).call(call, path, {})
        assert stranger.problem() == (404, "not_found", [])
        member = await acting(database, await a_person(database, hub))
        assert (await membership.acting_as(member).call(call, path, {})).problem()[:2] == (403, "scope_missing")
    nowhere = await membership.acting_as(an_operator()).patch(f"/hubs/{new_id('hub')}", {"name": "Nowhere"})
    assert nowhere.problem() == (404, "not_found", [])


async def test_what_a_hub_must_have_cannot_be_taken_away(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    key = membership.acting_as(a_hub_key(hub))
    for field, value in (("name", None), ("name", " "), ("kind", None), ("kind", "global"), ("summary", None)):
        answer = await key.patch(f"/hubs/{hub.id}", {field: value})
        assert (answer.status, answer.problem()[2]) == (422, [field]), (field, value, answer.body)
    for field in ("slug", "parent_id", "archived_at", "ancestors"):
        assert (await key.patch(f"/hubs/{hub.id}", {field: "x"})).problem()[2] == [field]
    assert await messages(database, "membership.hub_changed", hub.id) == []


async def test_nothing_new_happens_in_an_archived_hub(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    hub = await a_hub(database, top)
    key = membership.acting_as(a_hub_key(hub))
    person = await a_person(database)
    put_in = await membership.acting_as(an_operator()).post(f"/hubs/{hub.id}/members", {"person_id": person.id})
    answer = await key.post(f"/hubs/{hub.id}/archive")
    assert answer.status == 200, answer.body
    assert answer.body["archived_at"] is not None
    [told] = await messages(database, "membership.hub_archived", hub.id)
    assert told["data"] == {"hub_id": hub.id, "version": 2}
    assert top.id in told["touches"]

    again = await key.post(f"/hubs/{hub.id}/archive")
    assert again.body == answer.body
    assert len(await messages(database, "membership.hub_archived", hub.id)) == 1

    about = {"slug": "too-late", "name": "Too late", "kind": "regional", "domain": "trust"}
    child = {name: about[name] for name in ("slug", "name", "kind")} | {"parent_id": hub.id}
    group = {name: about[name] for name in ("slug", "name", "domain")} | {"hub_id": hub.id}
    assert (await key.post("/hubs", child)).problem() == (409, "hub_archived", ["parent_id"])
    assert (await key.post("/groups", group)).problem() == (409, "hub_archived", ["hub_id"])
    assert (await key.patch(f"/hubs/{hub.id}", {"name": "Renamed"})).problem() == (409, "hub_archived", [])
    other = await a_person(database)
    joining = await key.post(f"/hubs/{hub.id}/members", {"person_id": other.id})
    assert joining.problem() == (409, "hub_archived", [])
    own = membership.acting_as(await acting(database, person))
    assert (await own.post(f"/memberships/{put_in.body['id']}/accept")).problem() == (409, "hub_archived", [])
    assert (await own.delete(f"/hubs/{hub.id}/members/me")).status == 200


async def test_a_hub_is_archived_once_all_in_it_is(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    child = await a_hub(database, top)
    group = await a_group(database, child)
    operator = membership.acting_as(an_operator())
    assert (await operator.post(f"/hubs/{top.id}/archive")).problem() == (409, "hub_in_use", [])
    assert (await operator.post(f"/hubs/{child.id}/archive")).problem() == (409, "hub_in_use", [])
    for path in (f"/groups/{group.id}", f"/hubs/{child.id}", f"/hubs/{top.id}"):
        assert (await operator.post(f"{path}/archive")).status == 200, path


async def test_an_archived_hub_can_be_read_and_is_left_out_of_lists_unless_asked_for(
    membership: Client, database: Database
) -> None:
    top = await a_hub(database)
    kept, closed = await a_hub(database, top, name="A"), await a_hub(database, top, name="B")
    await membership.acting_as(an_operator()).post(f"/hubs/{closed.id}/archive")
    reader = membership.acting_as(a_reader())

    async def listed(**params: str) -> list[str]:
        found = (await reader.get("/hubs", params={"parent": top.id, **params})).body["nodes"]
        return [hub["id"] for hub in found]

    assert await listed() == [kept.id]
    assert await listed(include_archived="false") == [kept.id]
    assert await listed(include_archived="true") == [kept.id, closed.id]
    assert (await reader.get(f"/hubs/by-slug/{closed.slug}")).body["archived_at"] is not None
    assert [hub["id"] for hub in (await reader.post("/hubs/by-ids", {"ids": [closed.id]})).body] == [closed.id]
    assert (await membership.acting_as(somebody()).get(f"/hubs/{closed.id}/below")).body == [closed.id]


async def test_a_hub_that_an_older_version_wrote_is_not_archived(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    hub = await a_hub(database, top)
    await database["hubs"].update_one({"_id": hub.id}, {"$unset": {"archived_at": 1}})
    [view] = (await membership.acting_as(a_reader()).get("/hubs", params={"parent": top.id})).body["nodes"]
    assert (view["id"], view["archived_at"]) == (hub.id, None)
