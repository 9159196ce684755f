"""Groups belong to a hub; their activity counts what was shared through them."""

from fastapi import FastAPI

from shared import clock
from shared.app import Service
from shared.context import Cause
from shared.contracts.learning.entries import Attribution, EntryAudience, EntryKind, EntryShared
from shared.contracts.membership.memberships import Role
from shared.ids import new_id
from shared.messaging.envelope import seal
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
from tests.support.waiting import eventually


async def test_who_looks_after_a_hub_opens_a_group_in_it(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    body = {"slug": "homes-first", "name": "Homes first", "domain": "homelessness", "hub_id": hub.id}
    answer = await membership.acting_as(a_hub_key(hub)).post("/groups", {**body, "themes": ["trust", "trust"]})
    assert answer.status == 201, answer.body
    assert answer.body["join_policy"] == "open"
    assert answer.body["themes"] == ["trust"]
    assert answer.body["member_count"] == 0
    [told] = await messages(database, "membership.group_created", answer.body["id"])
    assert told["hub"] == hub.id
    again = await membership.acting_as(a_hub_key(hub)).post("/groups", body)
    assert again.problem() == (409, "slug_taken", ["slug"])


async def test_a_steward_of_the_hub_above_opens_a_group(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    child = await a_hub(database, top)
    steward = await acting(database, await a_person(database, top, Role.STEWARD))
    body = {"slug": "by-a-steward", "name": "By a steward", "domain": "trust", "hub_id": child.id}
    assert (await membership.acting_as(steward).post("/groups", body)).status == 201


async def test_nobody_else_opens_a_group_there(membership: Client, database: Database) -> None:
    hub, other = await a_hub(database), await a_hub(database)
    body = {"slug": "not-mine", "name": "Not mine", "domain": "trust", "hub_id": hub.id}
    member = await acting(database, await a_person(database, hub))
    assert (await membership.acting_as(member).post("/groups", body)).problem()[:2] == (403, "scope_missing")
    assert (await membership.acting_as(a_hub_key(other)).post("/groups", body)).problem() == (
        404,
        "not_found",
        ["hub_id"],
    )


async def test_groups_are_listed_by_hub_with_those_below_and_by_theme(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    child = await a_hub(database, top)
    own = await a_group(database, top, name="A", themes=["trust"])
    below = await a_group(database, child, name="B")
    await a_group(database, await a_hub(database), name="C", themes=["trust"])
    reader = membership.acting_as(a_reader())
    assert [g["id"] for g in (await reader.get("/groups", params={"hub": top.id})).body["nodes"]] == [own.id, below.id]
    params = {"hub": top.id, "theme": "trust"}
    assert [g["id"] for g in (await reader.get("/groups", params=params)).body["nodes"]] == [own.id]
    assert (await reader.get("/groups", params={"theme": "gossip"})).problem()[0] == 422
    assert (await reader.get("/groups", params={"hub": new_id("hub")})).body["nodes"] == []
    assert (await reader.get(f"/groups/by-slug/{own.slug}")).body["id"] == own.id
    found = (await reader.post("/groups/by-ids", {"ids": [own.id, "x", new_id("grp")]})).body
    assert [g["id"] for g in found] == [own.id]


def an_entry(group_id: str | None, hub_id: str | None) -> EntryShared:
    return EntryShared(
        entry_id=new_id("ent"),
        version=1,
        kind=EntryKind.MISTAKE,
        audience=EntryAudience.GROUP,
        attribution=Attribution.ANONYMOUS,
        hub_id=hub_id,
        group_id=group_id,
    )


async def test_an_entry_shared_through_a_group_counts_once_though_told_twice(
    membership: Client, database: Database, app: FastAPI
) -> None:
    group = await a_group(database, await a_hub(database))
    service: Service = app.state.service
    cause = Cause(correlation=new_id("req"), traceparent=f"00-{'1' * 32}-{'2' * 16}-01")
    told = [an_entry(group.id, group.hub_id), an_entry(group.id, group.hub_id), an_entry(None, group.hub_id)]
    for number, message in enumerate(told):
        id_, content = seal(message, source="learning", cause=cause, subject=message.entry_id, now=clock.now())
        for _ in range(2 if number == 0 else 1):
            await service.broker.publish(message.type_name(), id_, content)
    reader = membership.acting_as(somebody())

    async def counted() -> None:
        assert service.consumer.counters["handled"] + service.consumer.counters["duplicate"] == 4
        view = (await reader.post("/groups/by-ids", {"ids": [group.id]})).body[0]
        assert view["activity_count"] == 2

    await eventually(counted)


async def test_a_page_is_stable_while_hubs_are_added(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    groups = [await a_group(database, top, name=f"Group {letter}") for letter in "ABC"]
    operator = membership.acting_as(an_operator())
    first = (await operator.get("/groups", params={"hub": top.id, "first": "1"})).body
    await a_hub(database, top)
    params = {"hub": top.id, "after": first["cursors"][0]}
    rest = (await operator.get("/groups", params=params)).body
    assert [g["id"] for g in rest["nodes"]] == [g.id for g in groups[1:]]
