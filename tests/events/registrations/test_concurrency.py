"""Two hundred people at the door at once: never over capacity at any read, exactly full at the end, promoted in order.

In one replica and in two, with idempotency keys and without.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from typing import Any

import pytest

from services.events.app import create_app
from shared.auth import Principal
from shared.mongo import Database, Transaction
from shared.settings import Settings
from tests.support.events import a_person, a_steward, an_event, kept, told, topics
from tests.support.serving import Client, a_client

PEOPLE, SEATS = 200, 20


@pytest.fixture(scope="module")
async def replicas(events: Client, settings: Settings) -> AsyncIterator[list[Client]]:
    """The service twice, on one database and one broker; once through each driver."""
    assert settings.mongo_driver == "motor"
    other = settings.model_copy(update={"mongo_driver": "pymongo"})
    async with AsyncExitStack() as ends:
        yield [events, await ends.enter_async_context(a_client(create_app(other), "events", other))]


class Readers:
    """Look again and again while others write; each look must find the counts true and within capacity."""

    def __init__(self, database: Database, replicas: Sequence[Client], event_id: str) -> None:
        self.database = database
        self.replicas = replicas
        self.event_id = event_id
        self.looks = 0
        self.highest = 0
        self._done = asyncio.Event()

    async def __aenter__(self) -> "Readers":
        self._tasks = [asyncio.create_task(self._look_inside()), asyncio.create_task(self._look_from_outside())]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._done.set()
        await asyncio.gather(*self._tasks)

    async def _look_inside(self) -> None:
        async def work(tx: Transaction) -> tuple[dict[str, Any], dict[str, int]]:
            event = await self.database["events"].find_one({"_id": self.event_id})
            counted = {"confirmed": 0, "waitlisted": 0, "cancelled": 0}
            found = self.database["registrations"].find({"event_id": self.event_id})
            async for registration in found:
                counted[registration["status"]] += 1
            return event, counted

        while not self._done.is_set():
            await asyncio.sleep(0.05)
            event, counted = await self.database.transaction(work)
            assert (counted["confirmed"], counted["waitlisted"]) == (event["confirmed_count"], event["waitlist_count"])
            self._note(event)

    async def _look_from_outside(self) -> None:
        while not self._done.is_set():
            await asyncio.sleep(0.05)
            for replica in self.replicas:
                answer = await replica.acting_as(a_steward()).get(f"/events/{self.event_id}")
                self._note(answer.body)

    def _note(self, event: dict[str, Any]) -> None:
        self.looks += 1
        self.highest = max(self.highest, event["confirmed_count"])
        assert event["confirmed_count"] <= event["capacity"]
        assert event["waitlist_count"] == 0 or event["confirmed_count"] == event["capacity"]


@pytest.mark.parametrize(
    ("number", "keyed"), [(1, False), (2, True)], ids=["one replica", "two replicas, each call twice with a key"]
)
async def test_two_hundred_people_for_twenty_seats(
    replicas: list[Client], database: Database, number: int, keyed: bool
) -> None:
    event = await an_event(replicas[0], capacity=SEATS)
    chance = random.Random(number)
    people = [a_person() for _ in range(PEOPLE)]
    fickle = {person.id for person in chance.sample(people, 80)}

    async def come(place: int, person: Principal) -> None:
        client = replicas[place % number].acting_as(person)
        key = {"idempotency-key": f"come-{event['id']}"} if keyed else {}
        path = f"/events/{event['id']}/registrations"
        sent = [client.post(path, headers=key) for _ in range(2 if keyed else 1)]
        answers = await asyncio.gather(*sent)
        assert [answer.status for answer in answers] == [201] * len(answers), answers
        assert len({answer.body["id"] for answer in answers}) == 1
        if person.id in fickle:
            other = replicas[(place + 1) % number].acting_as(person)
            key = {"idempotency-key": f"go-{event['id']}"} if keyed else {}
            answer = await other.post(f"/registrations/{answers[0].body['id']}/cancel", headers=key)
            assert (answer.status, answer.body["status"]) == (200, "cancelled"), answer.body

    async with Readers(database, replicas, event["id"]) as readers:
        await asyncio.gather(*(come(place, person) for place, person in enumerate(people)))

    assert readers.looks > 10
    assert readers.highest == SEATS
    registrations = [one async for one in database["registrations"].find({"event_id": event["id"]}).sort("line", 1)]
    by_status = {status: [one for one in registrations if one["status"] == status] for status in STATUSES}
    assert {one["person_id"] for one in by_status["cancelled"]} == fickle
    assert len(by_status["confirmed"]) == SEATS
    assert len(by_status["waitlisted"]) == PEOPLE - len(fickle) - SEATS
    assert len({one["line"] for one in registrations}) == len(registrations) == PEOPLE
    document = await kept(database, event["id"])
    assert (document["confirmed_count"], document["waitlist_count"]) == (SEATS, PEOPLE - len(fickle) - SEATS)
    await promoted_in_order(database, registrations)
    await told_as_it_is(database, event["id"], registrations)


STATUSES = ("confirmed", "waitlisted", "cancelled")


async def promoted_in_order(database: Database, registrations: list[dict[str, Any]]) -> None:
    """Each promotion was of the first in line: the places go up, and nobody who still waits was passed over."""
    event_id = registrations[0]["event_id"]
    audit = [line async for line in database["promotions"].find({"event_id": event_id}).sort("_id", 1)]
    places = [line["line"] for line in audit]
    assert places == sorted(set(places))
    assert {line["registration_id"] for line in audit} == {one["_id"] for one in registrations if one["promoted_at"]}
    still_waiting = [one["line"] for one in registrations if one["status"] == "waitlisted"]
    seated = [one["line"] for one in registrations if one["status"] == "confirmed"]
    assert not still_waiting or max(seated) < min(still_waiting)


async def told_as_it_is(database: Database, event_id: str, registrations: list[dict[str, Any]]) -> None:
    """The messages about each registration lead to where it stands, version by version."""
    messages: dict[str, list[dict[str, Any]]] = {}
    for message in await told(database, event_id):
        if "registration_id" in message["data"]:
            messages.setdefault(message["data"]["registration_id"], []).append(message)
    assert set(messages) == {one["_id"] for one in registrations}
    for one in registrations:
        about = sorted(messages[one["_id"]], key=lambda message: int(message["data"]["version"]))
        assert [message["data"]["version"] for message in about] == list(range(1, one["version"] + 1))
        ends = {"registration_confirmed": "confirmed", "registration_promoted": "confirmed"}
        assert ends.get(topics(about)[-1], topics(about)[-1].removeprefix("registration_")) == one["status"]


async def test_one_person_at_every_door_at_once_has_one_registration(
    replicas: list[Client], database: Database
) -> None:
    event = await an_event(replicas[0], capacity=5)
    person = a_person()
    path = f"/events/{event['id']}/registrations"
    answers = await asyncio.gather(*(replicas[n % 2].acting_as(person).post(path) for n in range(20)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["id"] for answer in answers}) == 1
    assert (await kept(database, event["id"]))["confirmed_count"] == 1
    assert topics(await told(database, event["id"]))[2:] == ["registration_confirmed"]


async def test_one_seat_cancelled_at_every_door_at_once_is_freed_once(
    replicas: list[Client], database: Database
) -> None:
    event = await an_event(replicas[0], capacity=2)
    people = [a_person() for _ in range(4)]
    path = f"/events/{event['id']}/registrations"
    made = [(await replicas[0].acting_as(person).post(path)).body for person in people]
    cancel = f"/registrations/{made[0]['id']}/cancel"
    answers = await asyncio.gather(*(replicas[n % 2].acting_as(people[0]).post(cancel) for n in range(10)))
    assert {answer.status for answer in answers} == {200}
    document = await kept(database, event["id"])
    assert (document["confirmed_count"], document["waitlist_count"]) == (2, 1)
    assert topics(await told(database, event["id"])).count("registration_promoted") == 1


async def test_seats_added_while_people_come_and_go_are_all_filled(replicas: list[Client], database: Database) -> None:
    event = await an_event(replicas[0], capacity=5)
    people = [a_person() for _ in range(60)]
    steward = replicas[1].acting_as(a_steward())

    async def come(place: int, person: Principal) -> None:
        client = replicas[place % 2].acting_as(person)
        registration = (await client.post(f"/events/{event['id']}/registrations")).body
        if place % 3 == 0:
            await client.post(f"/registrations/{registration['id']}/cancel")

    async def add_seats() -> None:
        for capacity in (7, 12, 15):
            answer = await steward.patch(f"/events/{event['id']}", {"capacity": capacity})
            assert answer.status == 200, answer.body

    async with Readers(database, replicas, event["id"]):
        await asyncio.gather(add_seats(), *(come(place, person) for place, person in enumerate(people)))
    registrations = [one async for one in database["registrations"].find({"event_id": event["id"]}).sort("line", 1)]
    assert sum(one["status"] == "confirmed" for one in registrations) == 15
    assert sum(one["status"] == "waitlisted" for one in registrations) == 60 - 20 - 15
    await promoted_in_order(database, registrations)


async def test_calling_off_while_people_come_leaves_nobody_registered_afterwards(
    replicas: list[Client], database: Database
) -> None:
    event = await an_event(replicas[0])
    path = f"/events/{event['id']}/registrations"

    async def call_off() -> None:
        assert (await replicas[1].acting_as(a_steward()).post(f"/events/{event['id']}/cancel")).status == 200

    people = [replicas[n % 2].acting_as(a_person()).post(path) for n in range(20)]
    *answers, _ = await asyncio.gather(*people, call_off())
    came = [answer for answer in answers if answer is not None and answer.status == 201]
    assert await database["registrations"].count_documents({"event_id": event["id"]}) == len(came)
    told_of = topics(await told(database, event["id"]))
    assert told_of.count("registration_confirmed") == len(came)
    assert (await replicas[0].acting_as(a_person()).post(path)).status == 409
