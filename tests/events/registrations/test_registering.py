"""Registering and cancelling, one person at a time."""

import pytest

from shared.ids import new_id
from shared.mongo import Database
from tests.support.events import (
    HUB,
    a_hub_key,
    a_person,
    a_published_event,
    a_steward,
    an_event,
    cancel,
    in_days,
    kept,
    register,
    told,
    topics,
)
from tests.support.serving import Client


async def test_a_person_gets_a_seat(events: Client, database: Database) -> None:
    person = a_person()
    event = await an_event(events, capacity=2)
    registration = await register(events, event["id"], person)
    assert (registration["status"], registration["position"], registration["version"]) == ("confirmed", None, 1)
    assert (registration["person_id"], registration["event_id"]) == (person.id, event["id"])
    document = await kept(database, event["id"])
    assert (document["confirmed_count"], document["waitlist_count"]) == (1, 0)
    message = (await told(database, event["id"]))[-1]
    assert message["type"] == "events.registration_confirmed.v1"
    assert message["data"] == {
        "registration_id": registration["id"],
        "event_id": event["id"],
        "hub_id": HUB,
        "person_id": person.id,
        "version": 1,
    }
    assert (message["subject"], message["hub"], message["reach"]) == (registration["id"], HUB, "hub")
    assert set(message["touches"].split()) == {registration["id"], event["id"], person.id, HUB}


async def test_a_full_event_puts_the_next_person_on_the_waitlist(events: Client, database: Database) -> None:
    event = await an_event(events, capacity=1)
    first, second, third = [await register(events, event["id"]) for _ in range(3)]
    assert [one["status"] for one in (first, second, third)] == ["confirmed", "waitlisted", "waitlisted"]
    assert [one["position"] for one in (first, second, third)] == [None, 1, 2]
    document = await kept(database, event["id"])
    assert (document["confirmed_count"], document["waitlist_count"]) == (1, 2)
    assert topics(await told(database, event["id"]))[2:] == [
        "registration_confirmed",
        "registration_waitlisted",
        "registration_waitlisted",
    ]


async def test_an_event_without_capacity_takes_everybody(events: Client) -> None:
    event = await an_event(events)
    assert [(await register(events, event["id"]))["status"] for _ in range(3)] == ["confirmed"] * 3


async def test_registering_again_answers_the_same_registration(events: Client, database: Database) -> None:
    person, waiting = a_person(), a_person()
    event = await an_event(events, capacity=1)
    for comes in (person, waiting):
        first = await register(events, event["id"], comes)
        assert await register(events, event["id"], comes) == first
    assert len(await told(database, event["id"])) == 4
    assert (await kept(database, event["id"]))["confirmed_count"] == 1


async def test_after_cancelling_one_registers_anew_at_the_end_of_the_line(events: Client) -> None:
    person = a_person()
    event = await an_event(events, capacity=1)
    first = await register(events, event["id"], person)
    await register(events, event["id"])
    await cancel(events, first, person)
    again = await register(events, event["id"], person)
    assert again["id"] != first["id"]
    assert (again["status"], again["position"]) == ("waitlisted", 1)


async def test_who_looks_after_the_event_registers_somebody_else(events: Client) -> None:
    organiser, guest = a_person(), a_person()
    event = await an_event(events, organiser_ids=[organiser.id])
    for caller in (organiser, a_steward(), a_hub_key()):
        registration = await register(events, event["id"], caller, body={"person_id": guest.id})
        assert registration["person_id"] == guest.id
    answer = await events.acting_as(a_person()).post(f"/events/{event['id']}/registrations", {"person_id": guest.id})
    assert answer.problem() == (404, "not_found", ["person_id"])


async def test_a_key_must_say_who_comes(events: Client) -> None:
    event = await an_event(events)
    answer = await events.acting_as(a_hub_key()).post(f"/events/{event['id']}/registrations")
    assert answer.problem() == (422, "person_needed", ["person_id"])


@pytest.mark.parametrize("person_id", ["per_1", "key_" + "0" * 26, "", 7, ["x"], {"$ne": None}])
async def test_only_a_person_is_registered(events: Client, database: Database, person_id: object) -> None:
    event = await an_event(events)
    answer = await events.acting_as(a_steward()).post(f"/events/{event['id']}/registrations", {"person_id": person_id})
    assert (answer.status, answer.body["problems"][0]["path"]) == (422, ["person_id"])
    assert await database["registrations"].count_documents({"event_id": event["id"]}) == 0
    unknown = await events.acting_as(a_steward()).post(f"/events/{event['id']}/registrations", {"seat": 1})
    assert unknown.problem() == (422, "unknown_field", ["seat"])


async def test_what_is_not_open_takes_nobody(events: Client, database: Database) -> None:
    steward = events.acting_as(a_steward())
    started = await a_published_event(database, now=in_days(-7))
    cancelled = await an_event(events)
    await steward.post(f"/events/{cancelled['id']}/cancel")
    draft = (await steward.post("/events", {**_body(cancelled)})).body
    for event_id in (started.id, cancelled["id"], draft["id"]):
        before = await kept(database, event_id)
        answer = await steward.post(f"/events/{event_id}/registrations")
        assert (answer.status, answer.body["code"]) == (409, "registration_closed")
        assert await kept(database, event_id) == before
    assert await database["registrations"].count_documents({"event_id": started.id}) == 0


async def test_who_had_a_seat_at_what_was_cancelled_is_not_told_that_it_is_theirs(events: Client) -> None:
    person = a_person()
    event = await an_event(events)
    await register(events, event["id"], person)
    again = events.acting_as(person)
    assert (await again.post(f"/events/{event['id']}/registrations")).body["status"] == "confirmed"
    await events.acting_as(a_steward()).post(f"/events/{event['id']}/cancel")
    answer = await again.post(f"/events/{event['id']}/registrations")
    assert (answer.status, answer.body["code"]) == (409, "registration_closed")


async def test_a_cancelled_registration_frees_its_seat(events: Client, database: Database) -> None:
    person = a_person()
    event = await an_event(events, capacity=1)
    registration = await register(events, event["id"], person)
    gone = await cancel(events, registration, person)
    assert (gone["status"], gone["version"]) == ("cancelled", 2)
    assert gone["cancelled_at"] is not None
    assert (await kept(database, event["id"]))["confirmed_count"] == 0
    message = (await told(database, event["id"]))[-1]
    assert (message["type"], message["data"]["freed_seat"]) == ("events.registration_cancelled.v1", True)
    assert (await register(events, event["id"]))["status"] == "confirmed"


async def test_cancelling_twice_frees_one_seat(events: Client, database: Database) -> None:
    person = a_person()
    event = await an_event(events, capacity=2)
    registration = await register(events, event["id"], person)
    await register(events, event["id"])
    assert await cancel(events, registration, person) == await cancel(events, registration, person)
    assert (await kept(database, event["id"]))["confirmed_count"] == 1
    assert topics(await told(database, event["id"])).count("registration_cancelled") == 1


async def test_one_cancels_for_oneself_or_for_whom_one_looks_after(events: Client) -> None:
    event = await an_event(events, organiser_ids=[(organiser := a_person()).id])
    for caller, status in ((a_person(), 404), (a_hub_key(new_id("hub")), 404), (organiser, 200), (a_steward(), 200)):
        registration = await register(events, event["id"])
        answer = await events.acting_as(caller).post(f"/registrations/{registration['id']}/cancel")
        assert answer.status == status


@pytest.mark.parametrize("ending", ["cancel", "complete"])
async def test_what_is_over_keeps_its_registrations(events: Client, database: Database, ending: str) -> None:
    person = a_person()
    event = await an_event(events, capacity=1)
    registration = await register(events, event["id"], person)
    if ending == "complete":
        await database["events"].update_one({"_id": event["id"]}, {"$set": {"starts_at": in_days(-1)}})
    assert (await events.acting_as(a_steward()).post(f"/events/{event['id']}/{ending}")).status == 200
    answer = await events.acting_as(person).post(f"/registrations/{registration['id']}/cancel")
    assert (answer.status, answer.body["code"]) == (409, "event_is_over")


async def test_the_same_key_registers_once(events: Client, database: Database) -> None:
    person = a_person()
    event = await an_event(events, capacity=1)
    sent = {"idempotency-key": "once"}
    first = await register(events, event["id"], person, headers=sent)
    await cancel(events, first, person)
    answer = await events.acting_as(person).post(f"/events/{event['id']}/registrations", headers=sent)
    assert (answer.status, answer.body) == (201, first)
    assert await database["registrations"].count_documents({"event_id": event["id"]}) == 1


def _body(view: dict[str, object]) -> dict[str, object]:
    return {name: view[name] for name in ("title", "kind", "hub_id", "starts_at", "ends_at", "time_zone")}
