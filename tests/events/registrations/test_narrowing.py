"""Who may no longer see an event, since fewer may, gives up the seat: membership is asked in bounded steps."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from services.events.app import FEATURES
from services.events.events.commands import edit_event
from services.events.events.model import Event
from services.events.registrations.commands import register
from services.events.registrations.departures import cancel_non_members
from services.events.registrations.narrowing import ask_about_narrowed
from services.events.registrations.promotion import promote_waiting
from shared import clock
from shared.app import build_service, ensure_indexes
from shared.auth import Principal
from shared.contracts.events.events import EventChanges, EventVisibility
from shared.contracts.events.registrations import AudienceNarrowed
from shared.contracts.membership.event_audiences import NonMembersFound
from shared.features import subscriptions_of
from shared.mongo import Database
from shared.settings import Settings
from tests.support.events import GROUP, HUB, a_person, a_published_event, a_steward, a_stranger, kept, told, topics

IN_GROUP: Any = {"groups": {GROUP: HUB}}


@pytest.fixture(scope="module")
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The database of an events service that is not running."""
    service = build_service("events", settings, subscriptions_of(FEATURES))
    await ensure_indexes(service.database, FEATURES)
    yield service.database
    await service.mongo.close()


@pytest.fixture(autouse=True)
def in_twos(monkeypatch: pytest.MonkeyPatch) -> None:
    """Membership is asked about two people at once."""
    monkeypatch.setattr("services.events.registrations.narrowing.ASKED_AT_ONCE", 2)


async def change(database: Database, event: Event, **changes: Any) -> Event:
    """The event after a steward changed it."""
    return await edit_event(database, a_steward(), event.id, EventChanges(**changes), now=clock.now())


async def questions(database: Database, event: Event) -> list[AudienceNarrowed]:
    """What membership is asked about the event, after the loop has done all its steps."""
    for _ in range(20):
        if not await ask_about_narrowed(database, now=clock.now()):
            break
    else:
        raise AssertionError("the steps do not end")
    asked = [one for one in await told(database, event.id) if one["type"] == "events.audience_narrowed.v1"]
    return [AudienceNarrowed.model_validate(one["data"]) for one in asked]


async def answer(database: Database, asked: AudienceNarrowed, *outside: str) -> None:
    """Membership answers that these people do not belong."""
    found = NonMembersFound(**{**asked.model_dump(), "person_ids": list(outside)})
    now = clock.now()
    await database.transaction(lambda tx: cancel_non_members(tx, found, answered_at=now, now=now))


async def statuses(database: Database, event: Event, *people: Principal) -> list[str]:
    """What has become of these people's registrations."""
    found = database["registrations"].find({"event_id": event.id})
    by_person = {one["person_id"]: one["status"] async for one in found}
    return [by_person[person.id] for person in people]


async def come(database: Database, event: Event, *people: Principal, now: datetime | None = None) -> None:
    """These people register, in this order."""
    for person in people:
        await register(database, person, event.id, now=now or clock.now())


async def test_who_may_no_longer_see_an_event_gives_up_the_seat_to_the_next_who_may(database: Database) -> None:
    organiser, member, late_member = a_person(), a_person(**IN_GROUP), a_person(**IN_GROUP)
    stranger, late_stranger, brought = a_stranger(), a_stranger(), a_stranger()
    event = await a_published_event(database, now=clock.now(), group_id=GROUP, capacity=4, organiser_ids=[organiser.id])
    await register(database, a_steward(), event.id, brought.id, now=clock.now())
    await come(database, event, organiser, stranger, member, late_stranger, late_member)
    await change(database, event, visibility="group")
    asked = await questions(database, event)
    assert [one.person_ids for one in asked] == [[late_stranger.id, late_member.id], [stranger.id, member.id]]
    assert {(one.visibility, one.hub_id, one.group_id) for one in asked} == {(EventVisibility.GROUP, HUB, GROUP)}
    assert (await kept(database, event.id))["audience_check"] is None
    await answer(database, asked[0], late_stranger.id)
    await answer(database, asked[1], stranger.id)
    gone = await statuses(database, event, stranger, late_stranger)
    stays = await statuses(database, event, organiser, member, late_member, brought)
    assert (gone, stays) == (["cancelled"] * 2, ["confirmed"] * 4)
    document = await kept(database, event.id)
    assert (document["confirmed_count"], document["waitlist_count"]) == (4, 0)
    assert topics(await told(database, event.id))[-2:] == ["registration_cancelled", "registration_promoted"]


async def test_an_event_that_is_open_to_all_again_cancels_nobody(database: Database) -> None:
    stranger = a_stranger()
    event = await a_published_event(database, now=clock.now())
    await come(database, event, stranger)
    await change(database, event, visibility="hub")
    asked = await questions(database, event)
    assert [one.person_ids for one in asked] == [[stranger.id]]
    await change(database, event, visibility="public")
    await answer(database, asked[0], stranger.id)
    assert await statuses(database, event, stranger) == ["confirmed"]


async def test_nobody_is_asked_about_when_the_event_is_open_to_all_again_or_has_begun(database: Database) -> None:
    begun, wide = [await a_published_event(database, now=clock.now()) for _ in range(2)]
    for event in (begun, wide):
        await come(database, event, a_stranger())
    await change(database, begun, visibility="hub")
    assert await ask_about_narrowed(database, now=begun.starts_at) == 1
    await change(database, wide, visibility="hub")
    await change(database, wide, visibility="community")
    assert await questions(database, wide) == await questions(database, begun) == []


async def test_who_registered_after_the_answer_keeps_the_seat(database: Database) -> None:
    person = a_person()
    event = await a_published_event(database, now=clock.now())
    await come(database, event, person)
    await change(database, event, visibility="hub")
    (asked,) = await questions(database, event)
    await database["registrations"].update_one(
        {"event_id": event.id}, [{"$set": {"registered_at": {"$add": ["$registered_at", 3_600_000]}}}]
    )
    await answer(database, asked, person.id)
    assert await statuses(database, event, person) == ["confirmed"]


async def test_a_draft_and_a_change_of_something_else_ask_about_nobody(database: Database) -> None:
    event = await a_published_event(database, now=clock.now(), visibility="hub")
    await come(database, event, a_person())
    await change(database, event, title="What next?", capacity=5)
    assert await questions(database, event) == []


async def test_more_seats_go_to_nobody_before_membership_has_been_asked(database: Database) -> None:
    first, stranger, member = a_person(**IN_GROUP), a_stranger(), a_person(**IN_GROUP)
    event = await a_published_event(database, now=clock.now(), group_id=GROUP, capacity=1)
    await come(database, event, first, stranger, member)
    await change(database, event, visibility="group", capacity=2)
    assert await promote_waiting(database, now=clock.now()) == 0
    assert await statuses(database, event, stranger, member) == ["waitlisted"] * 2
    for asked in await questions(database, event):
        await answer(database, asked, *({stranger.id} & set(asked.person_ids)))
    await promote_waiting(database, now=clock.now())
    assert await statuses(database, event, stranger, member) == ["cancelled", "confirmed"]
