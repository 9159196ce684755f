"""Who leaves a group or hub gives up their seats at its coming members-only events; the next in line gets them."""

import asyncio
import contextlib
import contextvars
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.events.registrations.commands import register as take_seat
from services.events.registrations.departures import cancel_at_group_events
from shared import clock
from shared.app import Service
from shared.auth import Principal
from shared.contracts.membership.memberships import GroupLeft, HubLeft
from shared.errors import NotFound
from shared.ids import new_id
from shared.messaging.reactions import Subscriptions
from shared.mongo import Database, Transaction
from shared.settings import Settings
from tests.support.events import (
    GROUP,
    HUB,
    a_person,
    a_steward,
    an_event,
    cancel,
    kept,
    register,
    told,
    topics,
)
from tests.support.service import a_running
from tests.support.serving import Client
from tests.support.waiting import eventually

IN_GROUP: Any = {"groups": {GROUP: HUB}}


@pytest.fixture
async def membership(settings: Settings) -> AsyncIterator[Service]:
    """What membership tells with: its own outbox and relay."""
    async with a_running("membership", settings, Subscriptions()) as service:
        yield service


async def tell(membership: Service, database: Database, message: GroupLeft | HubLeft) -> None:
    """Membership tells of somebody who left, and events has taken it in."""
    about = {"type": type(message).type_name()}
    before = await database["inbox"].count_documents(about)

    async def work(tx: Transaction) -> None:
        tx.record(message, subject=message.membership_id, hub=message.hub_id)

    await membership.database.transaction(work)

    async def heard() -> bool:
        return bool(await database["inbox"].count_documents(about) == before + 1)

    await eventually(heard)


def group_left(person_id: str, change: int = 0) -> GroupLeft:
    """What membership tells of who left the group, as this change of where the person belongs."""
    return GroupLeft(
        membership_id=new_id("mem"),
        group_id=GROUP,
        hub_id=HUB,
        person_id=person_id,
        belonging_version=change,
        version=2,
    )


async def left_group(membership: Service, database: Database, person_id: str, change: int = 0) -> None:
    """The person has left the group."""
    await tell(membership, database, group_left(person_id, change))


async def left_hub(
    membership: Service, database: Database, person_id: str, *no_longer_in: str, change: int = 0
) -> None:
    """The person has left the hub, and belongs no more to these."""
    message = HubLeft(
        membership_id=new_id("mem"),
        hub_id=HUB,
        person_id=person_id,
        no_longer_in=list(no_longer_in),
        belonging_version=change,
        version=2,
    )
    await tell(membership, database, message)


async def status(events: Client, registration: dict[str, Any]) -> str:
    """What has become of a registration."""
    found = await events.acting_as(a_steward()).post("/registrations/by-ids", {"ids": [registration["id"]]})
    return str(found.body[0]["status"])


async def test_who_leaves_a_group_keeps_no_seat_among_its_members(
    events: Client, membership: Service, database: Database
) -> None:
    event = await an_event(events, group_id=GROUP, visibility="group", capacity=1)
    leaving, next_one = a_person(**IN_GROUP), a_person(**IN_GROUP)
    seat, waits = await register(events, event["id"], leaving), await register(events, event["id"], next_one)
    await left_group(membership, database, leaving.id)
    assert [await status(events, one) for one in (seat, waits)] == ["cancelled", "confirmed"]
    cancelled, promoted = (await told(database, event["id"]))[-2:]
    assert topics([cancelled, promoted]) == ["registration_cancelled", "registration_promoted"]
    assert (cancelled["data"]["person_id"], cancelled["data"]["freed_seat"]) == (leaving.id, True)
    assert promoted["data"]["person_id"] == next_one.id


async def test_who_waits_and_leaves_the_group_waits_no_more(
    events: Client, membership: Service, database: Database
) -> None:
    event = await an_event(events, group_id=GROUP, visibility="group", capacity=1)
    await register(events, event["id"], a_person(**IN_GROUP))
    leaving = a_person(**IN_GROUP)
    waits = await register(events, event["id"], leaving)
    await left_group(membership, database, leaving.id)
    assert await status(events, waits) == "cancelled"


async def test_what_is_not_for_members_only_stays(events: Client, membership: Service, database: Database) -> None:
    leaving = a_person(**IN_GROUP)
    steward = a_steward(groups={GROUP: HUB})
    stays = [
        await register(events, (await an_event(events, group_id=GROUP, visibility=seen))["id"], leaving)
        for seen in ("public", "community", "hub")
    ]
    organised = await an_event(events, group_id=GROUP, visibility="group", organiser_ids=[leaving.id])
    stays.append(await register(events, organised["id"], leaving))
    others = await register(events, (await an_event(events, group_id=GROUP, visibility="group"))["id"], steward)
    called_off = await an_event(events, group_id=GROUP, visibility="group")
    stays.append(await register(events, called_off["id"], leaving))
    assert (await events.acting_as(a_steward()).post(f"/events/{called_off['id']}/cancel", {})).status == 200
    await left_group(membership, database, leaving.id)
    assert [await status(events, one) for one in (*stays, others)] == ["confirmed"] * 6


async def test_who_came_back_keeps_what_they_registered_for_since(
    events: Client, membership: Service, database: Database
) -> None:
    event = await an_event(events, group_id=GROUP, visibility="group")
    person = a_person(**IN_GROUP)
    before = await register(events, event["id"], person)
    message = group_left(person.id)
    await cancel(events, before, person)
    late = await register(events, event["id"], person)
    # The word comes late: of a time before the person came back and registered anew.
    await database["registrations"].update_one(
        {"_id": late["id"]}, [{"$set": {"registered_at": {"$add": ["$registered_at", 3_600_000]}}}]
    )
    await tell(membership, database, message)
    assert await status(events, late) == "confirmed"


async def test_who_leaves_a_hub_keeps_no_seat_at_what_is_for_the_hub_alone(
    events: Client, membership: Service, database: Database
) -> None:
    event = await an_event(events, visibility="hub", capacity=1)
    leaving = a_person()
    seat, waits = await register(events, event["id"], leaving), await register(events, event["id"])
    open_to_all = await register(events, (await an_event(events))["id"], leaving)
    await left_hub(membership, database, leaving.id)
    assert await status(events, seat) == "confirmed", "the person still belongs to it by a hub below"
    await left_hub(membership, database, leaving.id, HUB)
    assert [await status(events, one) for one in (seat, waits, open_to_all)] == ["cancelled", "confirmed", "confirmed"]


def with_change(person: Principal, change: int) -> Principal:
    """The person as membership knew them after this change of where they belong."""
    return person.model_copy(update={"belonging_version": change})


async def test_a_seat_taken_by_who_had_left_goes_when_events_hears_of_it(
    events: Client, membership: Service, database: Database
) -> None:
    """The gateway had not heard of it either: what it remembers is up to some seconds old."""
    group_event = await an_event(events, group_id=GROUP, visibility="group")
    hub_event = await an_event(events, visibility="hub")
    left, hub_was_left = with_change(a_person(**IN_GROUP), 3), with_change(a_person(), 3)
    told_late = group_left(left.id, change=4)
    seats = [
        await register(events, group_event["id"], left),
        await register(events, hub_event["id"], hub_was_left),
    ]
    an_hour = {"$add": ["$registered_at", 3_600_000]}
    await database["registrations"].update_many(
        {"_id": {"$in": [seat["id"] for seat in seats]}}, [{"$set": {"registered_at": an_hour}}]
    )
    await tell(membership, database, told_late)
    await left_hub(membership, database, hub_was_left.id, HUB, change=4)
    assert [await status(events, seat) for seat in seats] == ["cancelled", "cancelled"]


async def test_who_left_gets_no_seat_with_credentials_from_before(
    events: Client, membership: Service, database: Database
) -> None:
    group_event = await an_event(events, group_id=GROUP, visibility="group", capacity=3)
    hub_event = await an_event(events, visibility="hub")
    person = with_change(a_person(**IN_GROUP), 3)
    await left_group(membership, database, person.id, change=4)
    await left_hub(membership, database, person.id, HUB, change=5)
    for event in (group_event, hub_event):
        answer = await events.acting_as(person).post(f"/events/{event['id']}/registrations")
        assert answer.problem() == (404, "not_found", [])
    assert (await kept(database, group_event["id"]))["confirmed_count"] == 0
    public = await an_event(events, group_id=GROUP, visibility="public")
    assert (await register(events, public["id"], person))["status"] == "confirmed"
    returned = with_change(person, 6)
    assert (await register(events, group_event["id"], returned))["status"] == "confirmed"
    await left_group(membership, database, person.id, change=4)
    assert (await kept(database, group_event["id"]))["confirmed_count"] == 1, "the news comes twice, and late"


async def test_a_steward_who_left_the_group_may_still_come_to_its_events(
    events: Client, membership: Service, database: Database
) -> None:
    event = await an_event(events, group_id=GROUP, visibility="group")
    steward = with_change(a_steward(groups={GROUP: HUB}), 3)
    await left_group(membership, database, steward.id, change=4)
    assert (await register(events, event["id"], steward))["status"] == "confirmed"


async def test_a_registration_and_the_news_that_the_person_left_at_once_leave_no_seat(
    events: Client, database: Database
) -> None:
    """Neither has committed when the other begins: the one that commits second knows of the other."""
    event = await an_event(events, group_id=GROUP, visibility="group")
    person = with_change(a_person(**IN_GROUP), 3)

    async def hears(tx: Transaction) -> None:
        now = clock.now()
        await cancel_at_group_events(tx, person.id, GROUP, left_at=now, version=4, now=now)

    hearing: list[asyncio.Task[None]] = []

    async def comes(tx: Transaction) -> None:
        await take_seat(tx.database, person, event["id"], now=clock.now())
        if not hearing:
            outside = contextvars.Context()
            hearing.append(asyncio.create_task(database.transaction(hears), context=outside))
            await asyncio.wait(hearing, timeout=0.5)

    with contextlib.suppress(NotFound):
        await database.transaction(comes)
    await hearing[0]
    found = await database["registrations"].find_one({"event_id": event["id"], "person_id": person.id})
    assert found is None or found["status"] == "cancelled"
    assert (await kept(database, event["id"]))["confirmed_count"] == 0


async def test_who_left_came_back_and_registers_again_keeps_the_seat(
    events: Client, membership: Service, database: Database
) -> None:
    event = await an_event(events, group_id=GROUP, visibility="group")
    before = a_person(**IN_GROUP, belonging_version=1)
    seat = await register(events, event["id"], before)
    # The word that they left comes after they came back, and after they were told that they have a seat.
    back = before.model_copy(update={"belonging_version": 3})
    assert (await register(events, event["id"], back))["id"] == seat["id"]
    await tell(membership, database, group_left(before.id, change=2))
    assert await status(events, seat) == "confirmed"


async def test_a_guest_of_an_organiser_keeps_the_seat_without_being_a_member(
    events: Client, membership: Service, database: Database
) -> None:
    event = await an_event(events, group_id=GROUP, visibility="group")
    guest = a_person()
    steward = events.acting_as(a_steward())
    made = await steward.post(f"/events/{event['id']}/registrations", {"person_id": guest.id})
    assert made.status == 201, made.body
    await tell(membership, database, group_left(guest.id, change=2))  # they were invited, and declined
    assert await status(events, made.body) == "confirmed"
