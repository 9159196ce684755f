"""Who reads which registrations, and in which order."""

from typing import Any

import pytest

from shared.ids import new_id
from tests.support.events import a_hub_key, a_person, a_steward, an_event, an_operator, cancel, register
from tests.support.serving import Client


async def test_one_reads_ones_own_newest_first(events: Client) -> None:
    person = a_person()
    made = [await register(events, (await an_event(events))["id"], person) for _ in range(3)]
    caller = events.acting_as(person)
    page = (await caller.get("/registrations", params={"person": person.id, "first": 2})).body
    rest = await caller.get("/registrations", params={"person": person.id, "after": page["cursors"][-1]})
    assert page["nodes"] + rest.body["nodes"] == made[::-1]
    assert (page["has_next"], rest.body["has_next"]) == (True, False)


async def test_nobody_reads_somebody_elses(events: Client) -> None:
    person = a_person()
    registration = await register(events, (await an_event(events))["id"], person)
    for other in (a_person(), a_steward(), a_hub_key(), an_operator()):
        answer = await events.acting_as(other).get("/registrations", params={"person": person.id})
        assert answer.problem() == (404, "not_found", ["person"])
    by_id = await events.acting_as(a_person()).post("/registrations/by-ids", {"ids": [registration["id"]]})
    assert by_id.body == []


async def test_who_looks_after_an_event_reads_who_comes_in_order(events: Client) -> None:
    event = await an_event(events, capacity=2, organiser_ids=[(organiser := a_person()).id])
    people = [a_person() for _ in range(5)]
    made = [await register(events, event["id"], person) for person in people]
    await cancel(events, made[0], people[0])
    for caller in (organiser, a_steward(), a_hub_key(), an_operator()):
        nodes: list[dict[str, Any]] = []
        after: dict[str, Any] = {}
        while True:
            params = {"event": event["id"], "first": 2, **after}
            page = (await events.acting_as(caller).get("/registrations", params=params)).body
            nodes += page["nodes"]
            if not page["has_next"]:
                break
            after = {"after": page["cursors"][-1]}
        assert [node["id"] for node in nodes] == [one["id"] for one in made]
        assert [node["status"] for node in nodes] == ["cancelled", *["confirmed"] * 2, *["waitlisted"] * 2]
        assert [node["position"] for node in nodes] == [None, None, None, 1, 2]


async def test_one_finds_ones_own_for_an_event(events: Client) -> None:
    person = a_person()
    event, another = await an_event(events), await an_event(events)
    mine = await register(events, event["id"], person)
    await register(events, another["id"], person)
    await register(events, event["id"])
    answer = await events.acting_as(person).get("/registrations", params={"event": event["id"], "person": person.id})
    assert answer.body["nodes"] == [mine]


async def test_by_ids_gives_ones_own_and_those_one_looks_after(events: Client) -> None:
    person, organiser = a_person(), a_person()
    event = await an_event(events, capacity=1, organiser_ids=[organiser.id])
    other = await an_event(events)
    seat = await register(events, event["id"])
    mine = await register(events, event["id"], person)
    elsewhere = await register(events, other["id"])
    ids = [seat["id"], mine["id"], elsewhere["id"], new_id("reg"), new_id("evt"), "nonsense"]
    assert (await events.acting_as(person).post("/registrations/by-ids", {"ids": ids})).body == [mine]
    found = (await events.acting_as(organiser).post("/registrations/by-ids", {"ids": ids})).body
    assert {one["id"] for one in found} == {seat["id"], mine["id"]}
    assert {one["position"] for one in found} == {None, 1}


@pytest.mark.parametrize(
    ("params", "status", "path"),
    [
        ({}, 422, ["event"]),
        ({"event": "evt_1"}, 422, ["event"]),
        ({"person": new_id("key")}, 422, ["person"]),
        ({"event": new_id("evt")}, 404, None),
        ({"event": new_id("evt"), "first": 0}, 422, ["first"]),
    ],
)
async def test_a_list_asked_for_badly_is_refused(
    events: Client, params: dict[str, Any], status: int, path: list[str] | None
) -> None:
    answer = await events.acting_as(a_steward()).get("/registrations", params=params)
    assert answer.status == status
    assert path is None or answer.body["problems"][0]["path"] == path


async def test_a_cursor_of_another_list_is_refused(events: Client) -> None:
    person = a_person()
    for _ in range(2):
        await register(events, (await an_event(events))["id"], person)
    event = await an_event(events)
    mine = await events.acting_as(person).get("/registrations", params={"person": person.id, "first": 1})
    params = {"event": event["id"], "after": mine.body["cursors"][0]}
    answer = await events.acting_as(a_steward()).get("/registrations", params=params)
    assert answer.problem() == (422, "bad_cursor", ["after"])
