"""A contact detail is shown only to the audience its owner chose, whoever asks and through whichever door."""

from dataclasses import dataclass

import pytest

from services.membership.people.commands import change_person
from services.membership.people.model import ChangePerson, Person
from shared import clock
from shared.auth import Principal
from shared.consent import ContactAudience
from shared.contracts.words import Role
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
)
from tests.support.serving import Client

EVERY = [{"kind": "other", "value": f"for {audience}", "audience": audience} for audience in ContactAudience]


@dataclass
class Scene:
    """Somebody with one contact detail for each audience, and everybody who might look."""

    subject: Person
    viewers: dict[str, Principal]


@pytest.fixture(scope="module")
async def scene(database: Database) -> Scene:
    """A member of a group in a hub below the national one."""
    national = await a_hub(database)
    hub = await a_hub(database, national)
    elsewhere = await a_hub(database, national)
    group, other_group = await a_group(database, hub), await a_group(database, hub)
    subject = await a_member(database, group, email="subject-of-consent@example.org")
    own = await acting(database, subject)
    change = ChangePerson(contacts=EVERY)
    subject = await change_person(database, own, subject.id, change, clock.now())
    steward = await a_person(database, national, Role.STEWARD)
    return Scene(
        subject,
        {
            "themself": own,
            "same group": await acting(database, await a_member(database, group)),
            "same hub": await acting(database, await a_member(database, other_group)),
            "other hub": await acting(database, await a_person(database, elsewhere)),
            "national steward": await acting(database, steward),
            "hub key": a_hub_key(hub),
            "other hub's key": a_hub_key(elsewhere),
            "operator": an_operator(),
            "reading key": a_reader(),
        },
    )


VISIBLE = {
    "themself": {"nobody", "introductions", "my_groups", "my_hubs", "community"},
    "same group": {"my_groups", "my_hubs", "community"},
    "same hub": {"my_hubs", "community"},
    "other hub": {"community"},
    "national steward": {"community"},
    "hub key": {"my_hubs", "community"},
    "other hub's key": {"community"},
    "operator": {"community"},
    "reading key": {"community"},
}


@pytest.mark.parametrize("viewer", VISIBLE)
async def test_what_each_viewer_is_shown(membership: Client, scene: Scene, viewer: str) -> None:
    client = membership.acting_as(scene.viewers[viewer])
    listed = (await client.get("/people", params={"search": scene.subject.name})).body["nodes"]
    by_ids = (await client.post("/people/by-ids", {"ids": [scene.subject.id]})).body
    for view in (*(p for p in listed if p["id"] == scene.subject.id), *by_ids):
        assert {contact["value"] for contact in view["contacts"]} == {f"for {word}" for word in VISIBLE[viewer]}
        assert "subject-of-consent@example.org" not in str(view)
    assert by_ids
    assert any(p["id"] == scene.subject.id for p in listed)


async def test_only_the_owner_is_told_the_audiences(membership: Client, scene: Scene) -> None:
    own = (
        await membership.acting_as(scene.viewers["themself"]).post("/people/by-ids", {"ids": [scene.subject.id]})
    ).body
    assert {contact["audience"] for contact in own[0]["contacts"]} == {str(audience) for audience in ContactAudience}
    other = membership.acting_as(scene.viewers["same group"])
    seen = (await other.post("/people/by-ids", {"ids": [scene.subject.id]})).body
    assert {contact["audience"] for contact in seen[0]["contacts"]} == {None}


async def test_who_leaves_the_group_sees_no_more_at_once(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub)
    subject = await a_member(database, group)
    own = await acting(database, subject)
    change = ChangePerson(contacts=[{"kind": "phone", "value": "+44 1", "audience": "my_groups"}])
    await change_person(database, own, subject.id, change, clock.now())
    viewer = membership.acting_as(await acting(database, await a_member(database, group)))
    ids = {"ids": [subject.id]}
    assert len((await viewer.post("/people/by-ids", ids)).body[0]["contacts"]) == 1
    await viewer.delete(f"/groups/{group.id}/members/me")
    assert (await viewer.post("/people/by-ids", ids)).body[0]["contacts"] == []


async def test_an_address_is_nobodys_to_see_until_its_owner_says_so(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    person = await a_person(database, hub, email="quiet@example.org")
    caller = membership.acting_as(await acting(database, person))
    own = (await caller.post("/people/by-ids", {"ids": [person.id]})).body[0]
    assert own["contacts"] == [{"kind": "email", "value": "quiet@example.org", "audience": "nobody"}]
    other = membership.acting_as(await acting(database, await a_person(database, hub)))
    assert (await other.post("/people/by-ids", {"ids": [person.id]})).body[0]["contacts"] == []


async def test_a_hub_above_ones_own_is_not_ones_own(membership: Client, database: Database) -> None:
    national = await a_hub(database)
    below = await a_hub(database, national)
    subject = await a_person(database, national)
    own = await acting(database, subject)
    change = ChangePerson(contacts=[{"kind": "phone", "value": "+44 1", "audience": "my_hubs"}])
    await change_person(database, own, subject.id, change, clock.now())
    ids = {"ids": [subject.id]}
    seen = []
    for hub in (national, below):
        viewer = membership.acting_as(await acting(database, await a_person(database, hub)))
        seen.append(len((await viewer.post("/people/by-ids", ids)).body[0]["contacts"]))
    assert seen == [1, 0]
