"""Each change of where a person belongs is counted: whoever relied on an earlier one can tell."""

from services.membership.people.store import PEOPLE
from services.membership.principals.people import person_principal
from shared import clock
from shared.mongo import Database
from tests.support.membership import a_group, a_hub, a_member, acting, messages
from tests.support.serving import Client


async def test_who_leaves_is_told_with_a_later_change_than_they_were_known_by(
    membership: Client, database: Database
) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub)
    person = await a_member(database, group, hub=hub)

    async def change() -> int:
        return (await person_principal(database, person.id, clock.now())).belonging_version

    known = [await change()]
    for place, topic in (("groups", "membership.group_left"), ("hubs", "membership.hub_left")):
        where = f"/{place}/{group.id if place == 'groups' else hub.id}/members"
        own = membership.acting_as(await acting(database, person))
        assert (await own.delete(f"{where}/me")).status == 200
        left = [one for one in await messages(database, topic) if one["data"]["person_id"] == person.id][-1]
        assert left["data"]["belonging_version"] == await change() > known[-1]
        known.append(await change())
    own = membership.acting_as(await acting(database, person))
    assert (await own.post(f"/groups/{group.id}/members", {})).status == 201
    assert await change() > known[-1]


async def test_a_change_of_the_profile_keeps_the_count(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    person = await a_member(database, await a_group(database, hub), hub=hub)
    before = await PEOPLE.get(database, person.id)
    assert before.belonging_version > 0
    own = membership.acting_as(await acting(database, person))
    assert (await own.patch(f"/people/{person.id}", {"name": "Ada Wells"})).status == 200
    assert (await PEOPLE.get(database, person.id)).belonging_version == before.belonging_version
