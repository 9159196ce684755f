"""What a view says that the caller may do is what the caller may do: compared for many callers and places."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from services.membership.groups.model import Group
from services.membership.hubs.model import Hub
from services.membership.memberships.commands import join_group
from services.membership.people.model import Person
from shared import clock
from shared.auth import Principal
from shared.contracts.membership.memberships import Role
from shared.errors import ProblemError
from shared.mongo import Database, Transaction
from tests.support.membership import (
    a_group,
    a_hub,
    a_hub_key,
    a_member,
    a_person,
    a_reader,
    acting,
    an_operator,
)
from tests.support.serving import Client


class Undone(Exception):
    """Ends a transaction, so that nothing of it stays."""


@dataclass
class Places:
    """Hubs and groups of every sort, and everybody who might do something there."""

    hubs: list[Hub] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    keys: list[Principal] = field(default_factory=list)


@pytest.fixture(scope="module")
async def places(membership: Client, database: Database) -> Places:
    top = await a_hub(database)
    hub, closed, other = await a_hub(database, top), await a_hub(database, top), await a_hub(database)
    operator = membership.acting_as(an_operator())
    policies = ("open", "request", "invitation")
    groups = [await a_group(database, hub, join_policy=policy) for policy in policies]
    convened = [await a_group(database, hub, join_policy=policy) for policy in policies]
    archived = [await a_group(database, hub, join_policy=policy) for policy in policies]
    mediator = await a_member(database, convened[1], Role.MEDIATOR)
    convener, waiting = await a_member(database, convened[0], Role.CONVENER), await a_person(database)
    for group in convened[1:]:
        await a_member(database, group, Role.CONVENER)
    for group in (*groups, *archived):
        await operator.post(f"/groups/{group.id}/members", {"person_id": waiting.id})
    people = [
        convener,
        waiting,
        await a_person(database),
        await a_person(database, hub),
        await a_person(database, hub, Role.STEWARD),
        await a_person(database, top, Role.STEWARD),
        await a_person(database, other, Role.STEWARD),
        await a_person(database, closed),
        mediator,
        await a_member(database, archived[0], Role.CONVENER),
    ]
    for path in (*(f"/groups/{group.id}" for group in archived), f"/hubs/{closed.id}"):
        assert (await operator.post(f"{path}/archive")).status == 200
    keys = [an_operator(), a_reader(), a_hub_key(hub), a_hub_key(other), a_hub_key(top), a_hub_key(hub, "events:read")]
    return Places([top, hub, closed, other], [*groups, *convened, *archived], people, keys)


async def callers(database: Database, places: Places) -> list[Principal]:
    return [*[await acting(database, person) for person in places.people], *places.keys]


async def views(client: Client, path: str, ids: list[str]) -> dict[str, dict[str, Any]]:
    answer = await client.post(f"{path}/by-ids", {"ids": ids})
    return {view["id"]: view for view in answer.body} if answer.status == 200 else {}


async def test_who_may_change_a_hub_is_said_beforehand(membership: Client, database: Database, places: Places) -> None:
    said_yes = 0
    for caller in await callers(database, places):
        client = membership.acting_as(caller)
        for hub_id, view in (await views(client, "/hubs", [hub.id for hub in places.hubs])).items():
            tried = await client.patch(f"/hubs/{hub_id}", {})
            assert view["viewer_can_update"] == (tried.status == 200), (caller, hub_id, tried.body)
            said_yes += view["viewer_can_update"]
    assert said_yes >= 8


async def test_who_may_change_a_group_is_said_beforehand(
    membership: Client, database: Database, places: Places
) -> None:
    said_yes = 0
    for caller in await callers(database, places):
        client = membership.acting_as(caller)
        for group_id, view in (await views(client, "/groups", [group.id for group in places.groups])).items():
            tried = await client.patch(f"/groups/{group_id}", {})
            assert view["viewer_can_update"] == (tried.status == 200), (caller, group_id, tried.body)
            said_yes += view["viewer_can_update"]
    assert said_yes >= 25


async def test_who_may_join_a_group_is_said_beforehand(membership: Client, database: Database, places: Places) -> None:
    async def may_join(caller: Principal, group_id: str) -> bool:
        """Join, and undo it, so that everybody finds the group as it was."""

        async def work(tx: Transaction) -> None:
            await join_group(tx.database, caller, group_id, None, (), now=clock.now())
            raise Undone

        try:
            await database.transaction(work)
        except ProblemError:
            return False
        except Undone:
            return True
        raise AssertionError

    answers = set()
    for caller in await callers(database, places):
        found = await views(membership.acting_as(caller), "/groups", [group.id for group in places.groups])
        for group_id, view in found.items():
            may = await may_join(caller, group_id)
            assert view["viewer_can_join"] == may, (caller, view)
            answers.add((view["join_policy"], view["archived_at"] is None, may))
    assert answers == {
        *((policy, True, True) for policy in ("open", "request", "invitation")),
        *((policy, open_, False) for policy in ("open", "request", "invitation") for open_ in (True, False)),
    }


async def test_a_view_leads_to_the_callers_own_membership(
    membership: Client, database: Database, places: Places
) -> None:
    hub, other = places.hubs[1], places.hubs[3]
    group = places.groups[0]
    member, waiting = places.people[3], places.people[1]
    shown = await views(membership.acting_as(await acting(database, member)), "/hubs", [hub.id, other.id])
    listed = await membership.acting_as(an_operator()).get("/memberships", params={"hub": hub.id})
    own = {one["person_id"]: one["id"] for one in listed.body["nodes"]}
    assert shown[hub.id]["viewer_membership_id"] == own[member.id]
    assert shown[other.id]["viewer_membership_id"] is None
    client = membership.acting_as(await acting(database, waiting))
    listed = await client.get("/memberships", params={"group": group.id})
    [page] = [
        one for one in (await client.get("/groups", params={"first": "100"})).body["nodes"] if one["id"] == group.id
    ]
    assert page["viewer_membership_id"] == listed.body["nodes"][0]["id"]
    assert (await views(membership.acting_as(a_reader()), "/groups", [group.id]))[group.id][
        "viewer_membership_id"
    ] is None


async def test_who_may_change_people_and_organisations_is_said_beforehand(
    membership: Client, database: Database, places: Places
) -> None:
    operator = membership.acting_as(an_operator())
    made = (await operator.post("/organisations", {"name": "Seen beforehand", "kind": "researcher"})).body
    assert made["viewer_can_update"]
    people, counted = [person.id for person in places.people[:4]], {"people": 0, "organisations": 0}
    for caller in await callers(database, places):
        client = membership.acting_as(caller)
        for kind, ids in (("people", people), ("organisations", [made["id"]])):
            for identifier, view in (await views(client, f"/{kind}", ids)).items():
                tried = await client.patch(f"/{kind}/{identifier}", {})
                assert view["viewer_can_update"] == (tried.status == 200), (caller, view, tried.body)
                counted[kind] += view["viewer_can_update"]
    assert counted == {"people": 4 + 4, "organisations": 3 + 4}
