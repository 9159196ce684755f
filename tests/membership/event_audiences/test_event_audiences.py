"""Membership tells which of the people registered for an event do not belong where it is for."""

from typing import Any

from services.membership.event_audiences.reactions import on_audience_narrowed
from shared.contracts.events.events import EventVisibility
from shared.contracts.events.registrations import AudienceNarrowed
from shared.contracts.membership.memberships import Role
from shared.ids import new_id
from shared.messaging.envelope import seal, unseal
from shared.mongo import Database
from tests.support.membership import a_group, a_hub, a_member, a_person, acting, messages
from tests.support.serving import Client


async def outside(database: Database, asked: AudienceNarrowed) -> list[str] | None:
    """Whom membership names when it is asked; `None`: it tells nothing."""
    _, body = seal(asked, source="events", subject=asked.event_id)
    envelope = unseal(body)
    await database.transaction(lambda tx: on_audience_narrowed(tx, asked, envelope))
    told = await messages(database, "membership.non_members_found", asked.event_id)
    assert len(told) <= 1
    people: list[str] | None = told[0]["data"]["person_ids"] if told else None
    return people


async def test_who_does_not_belong_is_named_and_stewards_and_conveners_are_not(
    membership: Client, database: Database
) -> None:
    top = await a_hub(database)
    hub = await a_hub(database, top)
    below = await a_hub(database, hub)
    group = await a_group(database, hub)
    member = await a_member(database, group, hub=below)
    only_in_group = await a_member(database, group, hub=await a_hub(database))
    convener = await a_member(database, group, Role.CONVENER, hub=await a_hub(database))
    stranger, gone = await a_person(database), await a_member(database, group, hub=hub)
    own = membership.acting_as(await acting(database, gone))
    for place in (f"/groups/{group.id}", f"/hubs/{hub.id}"):
        assert (await own.delete(f"{place}/members/me")).status == 200
    nobody = new_id("per")
    people = [one.id for one in (member, only_in_group, convener, stranger, gone)] + [nobody]
    about: dict[str, Any] = {"hub_id": hub.id, "group_id": group.id, "person_ids": people, "version": 3}
    for_group = AudienceNarrowed(event_id=new_id("evt"), visibility=EventVisibility.GROUP, **about)
    for_hub = AudienceNarrowed(event_id=new_id("evt"), visibility=EventVisibility.HUB, **about)
    assert await outside(database, for_group) == [stranger.id, gone.id, nobody]
    assert await outside(database, for_hub) == [only_in_group.id, stranger.id, gone.id, nobody]


async def test_nothing_is_told_when_everybody_belongs(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub)
    member = await a_member(database, group, hub=hub)
    asked = AudienceNarrowed(
        event_id=new_id("evt"),
        hub_id=hub.id,
        group_id=group.id,
        visibility=EventVisibility.GROUP,
        person_ids=[member.id],
        version=2,
    )
    assert await outside(database, asked) is None
