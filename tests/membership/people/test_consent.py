"""A contact detail is shown only to the audience its owner chose, whoever asks and through whichever door."""

from dataclasses import dataclass

import pytest

from services.membership.memberships.commands import accept_membership, add_to_hub, join_group
from services.membership.people.commands import add_person, change_person
from services.membership.people.model import Person
from shared import clock
from shared.auth import Principal
from shared.consent import ContactAudience
from shared.contracts.membership.memberships import Role
from shared.contracts.membership.people import ChangePerson, NewPerson
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
    """A member of a hub below the national one, and of a group in it."""
    national = await a_hub(database)
    hub = await a_hub(database, national)
    elsewhere = await a_hub(database, national)
    group, other_group = await a_group(database, hub), await a_group(database, hub)
    subject = await a_member(database, group, hub=hub, email="subject-of-consent@example.org")
    own = await acting(database, subject)
    change = ChangePerson(contacts=EVERY)
    subject = await change_person(database, own, subject.id, change, now=clock.now())
    steward = await a_person(database, national, Role.STEWARD)
    return Scene(
        subject,
        {
            "themself": own,
            "same group and hub": await acting(database, await a_member(database, group, hub=hub)),
            "same group": await acting(database, await a_member(database, group)),
            "same hub": await acting(database, await a_person(database, hub)),
            "another group of the hub": await acting(database, await a_member(database, other_group)),
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
    "same group and hub": {"my_groups", "my_hubs", "community"},
    "same group": {"my_groups", "community"},
    "same hub": {"my_hubs", "community"},
    "another group of the hub": {"community"},
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
    change = ChangePerson(contacts=[{"kind": "phone", "value": "+44 191 496 0000", "audience": "my_groups"}])
    await change_person(database, own, subject.id, change, now=clock.now())
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
    change = ChangePerson(contacts=[{"kind": "phone", "value": "+44 191 496 0000", "audience": "my_hubs"}])
    await change_person(database, own, subject.id, change, now=clock.now())
    ids = {"ids": [subject.id]}
    seen = []
    for hub in (national, below):
        viewer = membership.acting_as(await acting(database, await a_person(database, hub)))
        seen.append(len((await viewer.post("/people/by-ids", ids)).body[0]["contacts"]))
    assert seen == [1, 0]


async def with_phone(database: Database, person: Person, audience: str) -> None:
    """The person lets this audience see a phone number."""
    change = ChangePerson(contacts=[{"kind": "phone", "value": "+44 191 496 0000", "audience": audience}])
    await change_person(database, await acting(database, person), person.id, change, now=clock.now())


async def test_who_is_put_into_a_hub_shows_it_nothing_before_they_accept(
    membership: Client, database: Database
) -> None:
    hub = await a_hub(database)
    subject = await a_person(database, await a_hub(database))
    await with_phone(database, subject, "my_hubs")
    key, member = a_hub_key(hub), await acting(database, await a_person(database, hub))
    made = await add_to_hub(database, key, hub.id, subject.id, (), now=clock.now())
    assert made.accepted_at is None
    ids = {"ids": [subject.id]}
    for viewer in (key, member):
        assert (await membership.acting_as(viewer).post("/people/by-ids", ids)).body[0]["contacts"] == []
    await accept_membership(database, await acting(database, subject), made.id, now=clock.now())
    for viewer in (key, member):
        assert len((await membership.acting_as(viewer).post("/people/by-ids", ids)).body[0]["contacts"]) == 1


async def test_who_is_new_shows_the_hub_that_added_them_nothing_before_they_accept(
    membership: Client, database: Database
) -> None:
    hub = await a_hub(database)
    key = a_hub_key(hub)
    new = NewPerson(name="New", email="new-to-consent@example.org", hub_id=hub.id)
    subject = await add_person(database, key, new, now=clock.now())
    await with_phone(database, subject, "my_hubs")
    client, ids = membership.acting_as(key), {"ids": [subject.id]}
    assert (await client.post("/people/by-ids", ids)).body[0]["contacts"] == []
    own = membership.acting_as(await acting(database, subject))
    [made] = (await own.get("/memberships", params={"person": subject.id})).body["nodes"]
    await own.post(f"/memberships/{made['id']}/accept")
    assert len((await client.post("/people/by-ids", ids)).body[0]["contacts"]) == 1


async def test_who_is_put_into_a_group_is_shown_nothing_by_it_before_they_accept(
    membership: Client, database: Database
) -> None:
    group = await a_group(database, await a_hub(database), join_policy="invitation")
    subject, viewer = await a_member(database, group), await a_person(database)
    await with_phone(database, subject, "my_groups")
    made = await join_group(database, an_operator(), group.id, viewer.id, (), now=clock.now())
    client, ids = membership.acting_as(await acting(database, viewer)), {"ids": [subject.id]}
    assert (await client.post("/people/by-ids", ids)).body[0]["contacts"] == []
    await client.post(f"/memberships/{made.id}/accept")
    assert len((await client.post("/people/by-ids", ids)).body[0]["contacts"]) == 1


async def test_who_is_put_into_a_group_shows_it_nothing_before_they_accept(
    membership: Client, database: Database
) -> None:
    group = await a_group(database, await a_hub(database))
    viewer = membership.acting_as(await acting(database, await a_member(database, group)))
    subject = await a_person(database)
    await with_phone(database, subject, "my_groups")
    await join_group(database, an_operator(), group.id, subject.id, (), now=clock.now())
    ids = {"ids": [subject.id]}
    assert (await viewer.post("/people/by-ids", ids)).body[0]["contacts"] == []
    own = membership.acting_as(await acting(database, subject))
    joined = await own.post(f"/groups/{group.id}/members", {})
    assert joined.body["accepted_at"] is not None
    assert len((await viewer.post("/people/by-ids", ids)).body[0]["contacts"]) == 1


async def test_a_key_can_neither_accept_nor_make_a_hub_accepted(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    subject = await a_person(database)
    made = await add_to_hub(database, an_operator(), hub.id, subject.id, (), now=clock.now())
    path = f"/memberships/{made.id}/accept"
    assert (await membership.acting_as(an_operator()).post(path)).problem()[:2] == (403, "person_needed")
    other = await acting(database, await a_person(database, hub, Role.STEWARD))
    assert (await membership.acting_as(other).post(path)).status == 404
    again = await add_to_hub(database, a_hub_key(hub), hub.id, subject.id, (Role.CATALYST,), now=clock.now())
    assert again.accepted_at is None
