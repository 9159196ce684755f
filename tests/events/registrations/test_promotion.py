"""Many who wait are promoted in bounded steps: each in a transaction of its own, all strictly in order.

Nothing runs in the background here, so that a test stands between two steps for as long as it likes.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from services.events.app import FEATURES
from services.events.events.commands import edit_event
from services.events.events.model import Event
from services.events.registrations import commands
from services.events.registrations.commands import cancel_registration, register
from services.events.registrations.promotion import promote_waiting
from services.events.seats import store
from services.events.seats.model import Registration
from services.events.seats.promotion import MOST_AT_ONCE
from shared import clock
from shared.app import build_service, ensure_indexes
from shared.contracts.events.events import EventChanges
from shared.contracts.events.registrations import RegistrationStatus
from shared.features import subscriptions_of
from shared.ids import new_id
from shared.mongo import Database
from shared.settings import Settings
from tests.support.events import a_person, a_published_event, a_steward, kept, told, topics


@pytest.fixture(scope="module")
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The database of an events service that is not running."""
    service = build_service("events", settings, subscriptions_of(FEATURES))
    await ensure_indexes(service.database, FEATURES)
    yield service.database
    await service.mongo.close()


@pytest.fixture
def in_threes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step promotes three."""
    monkeypatch.setattr("services.events.seats.promotion.MOST_AT_ONCE", 3)


async def a_line(database: Database, now: datetime, waiting: int) -> Event:
    """A published event with one seat, which is taken, and so many who wait for another."""
    event = await a_published_event(database, now=now, capacity=1)
    made = [
        Registration(
            id=new_id("reg"),
            event_id=event.id,
            person_id=new_id("per"),
            status=RegistrationStatus.WAITLISTED if number else RegistrationStatus.CONFIRMED,
            line=number + 1,
            registered_at=now,
        )
        for number in range(waiting + 1)
    ]
    await database["registrations"].insert_many([store.REGISTRATIONS.document(one) for one in made])
    counts = {"line": waiting + 1, "confirmed_count": 1, "waitlist_count": waiting}
    await database["events"].update_one({"_id": event.id}, {"$set": counts})
    return event


async def with_capacity(database: Database, event: Event, capacity: int | None, now: datetime) -> Event:
    """The event after a steward changed how many seats there are."""
    return await edit_event(database, a_steward(), event.id, EventChanges(capacity=capacity), now=now)


async def lines_with_a_seat(database: Database, event: Event) -> list[int]:
    """The places in the line of all who have a seat, in order."""
    found = database["registrations"].find({"event_id": event.id, "status": "confirmed"}).sort("line", 1)
    return [one["line"] async for one in found]


async def lines_promoted(database: Database, event: Event) -> list[int]:
    """The places in the line of those who were promoted, in the order in which they were."""
    return [line["line"] async for line in database["promotions"].find({"event_id": event.id}).sort("_id", 1)]


async def test_one_edit_promotes_a_bounded_number_and_the_rest_follow(database: Database) -> None:
    now = clock.now()
    event = await a_line(database, now, MOST_AT_ONCE + 40)
    after = await with_capacity(database, event, None, now)
    assert (after.confirmed_count, after.waitlist_count) == (MOST_AT_ONCE + 1, 40)
    assert await promote_waiting(database, now=now) == 40
    assert await promote_waiting(database, now=now) == 0
    assert await lines_promoted(database, event) == list(range(2, MOST_AT_ONCE + 42))
    document = await kept(database, event.id)
    assert (document["confirmed_count"], document["waitlist_count"]) == (MOST_AT_ONCE + 41, 0)
    assert topics(await told(database, event.id)).count("registration_promoted") == MOST_AT_ONCE + 40


@pytest.mark.usefixtures("in_threes")
async def test_a_newcomer_overtakes_nobody_who_waits_for_a_seat_that_is_free(database: Database) -> None:
    now = clock.now()
    event = await a_line(database, now, 7)
    after = await with_capacity(database, event, 6, now)
    assert (after.confirmed_count, after.waitlist_count) == (4, 4)
    newcomer = await register(database, a_person(), event.id, now=now)
    assert (newcomer.status, newcomer.position) == (RegistrationStatus.WAITLISTED, 5)
    while await promote_waiting(database, now=now):
        pass
    assert await lines_with_a_seat(database, event) == [1, 2, 3, 4, 5, 6]


@pytest.mark.usefixtures("in_threes")
async def test_a_seat_given_back_between_two_steps_goes_to_the_next_in_line(database: Database) -> None:
    now = clock.now()
    event = await a_line(database, now, 9)
    await with_capacity(database, event, 8, now)
    found = await database["registrations"].find_one({"event_id": event.id, "line": 3})
    await cancel_registration(database, a_steward(), found["_id"], now=now)
    assert await lines_promoted(database, event) == [2, 3, 4, 5, 6, 7]
    while await promote_waiting(database, now=now):
        pass
    assert await lines_promoted(database, event) == [2, 3, 4, 5, 6, 7, 8, 9]
    assert (await kept(database, event.id))["confirmed_count"] == 8


@pytest.mark.usefixtures("in_threes")
async def test_many_at_once_promote_nobody_twice_and_give_no_seat_that_is_not_there(database: Database) -> None:
    now = clock.now()
    event = await a_line(database, now, 30)
    await with_capacity(database, event, 21, now)

    async def go_on() -> int:
        return sum([await promote_waiting(database, now=now) for _ in range(5)])

    promoted = await asyncio.gather(*(go_on() for _ in range(4)))
    assert sum(promoted) == 17
    assert await lines_promoted(database, event) == list(range(2, 22))
    assert await lines_with_a_seat(database, event) == list(range(1, 22))


@pytest.mark.usefixtures("in_threes")
async def test_fewer_seats_between_two_steps_end_the_promotions(database: Database) -> None:
    now = clock.now()
    event = await a_line(database, now, 9)
    await with_capacity(database, event, 9, now)
    await with_capacity(database, event, 5, now)
    while await promote_waiting(database, now=now):
        pass
    assert await lines_with_a_seat(database, event) == [1, 2, 3, 4, 5]


@pytest.mark.usefixtures("in_threes")
async def test_nobody_is_promoted_once_the_event_has_started(database: Database) -> None:
    now = clock.now()
    event = await a_line(database, now, 9)
    await with_capacity(database, event, 9, now)
    assert await promote_waiting(database, now=event.starts_at) == 0
    assert await commands.register(database, a_person(), event.id, now=now)
