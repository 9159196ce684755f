"""The orders of lists of registrations: an event's and one's own, narrowed by status."""

from itertools import product

import pytest

from shared.contracts.events.registrations import RegistrationOrder
from tests.support.cells import cells
from tests.support.events import a_person, a_steward, an_event, cancel, register
from tests.support.orders import cursor_of, expect_no_sorting, order_cells, read_whole
from tests.support.serving import Client

GUEST = a_person()
Made = dict[str, list[str]]


@pytest.fixture(scope="module")
async def made(events: Client) -> Made:
    """Registrations in the order they were made: five at one event, with that event's id, and five of one person."""
    event = await an_event(events, capacity=2)
    people = [a_person() for _ in range(4)]
    at_event = [await register(events, event["id"], person) for person in (*people, GUEST)]
    await cancel(events, at_event[0], people[0])
    own = [at_event[-1], *[await register(events, (await an_event(events))["id"], GUEST) for _ in range(4)]]
    return {"event": [event["id"]], "at event": [one["id"] for one in at_event], "own": [one["id"] for one in own]}


@cells(("order", "way", "size"), order_cells(RegistrationOrder))
async def test_each_order_is_read_whole_from_either_end(
    events: Client, made: Made, order: str, way: tuple[str, str], size: int
) -> None:
    turn = 1 if order == "registered_first" else -1
    steward, guest = events.acting_as(a_steward()), events.acting_as(GUEST)
    at_event = await read_whole(steward, "/registrations", way, size, event=made["event"], order=order)
    assert at_event == made["at event"][::turn]
    own = await read_whole(guest, "/registrations", way, size, person=GUEST.id, order=order)
    assert own == made["own"][::turn]


async def test_without_an_order_an_events_come_first_first_and_ones_own_last_first(events: Client, made: Made) -> None:
    steward, guest = events.acting_as(a_steward()), events.acting_as(GUEST)
    way = ("first", "after")
    assert await read_whole(steward, "/registrations", way, 2, event=made["event"]) == made["at event"]
    assert await read_whole(guest, "/registrations", way, 2, person=GUEST.id) == made["own"][::-1]


async def test_a_cursor_of_one_order_is_refused_in_another(events: Client, made: Made) -> None:
    for caller, whose in ((a_steward(), {"event": made["event"][0]}), (GUEST, {"person": GUEST.id})):
        client = events.acting_as(caller)
        for order, other in (tuple(RegistrationOrder), tuple(RegistrationOrder)[::-1]):
            cursor = await cursor_of(client, "/registrations", order=order, **whose)
            answer = await client.get("/registrations", params={**whose, "order": other, "before": cursor})
            assert answer.problem() == (422, "bad_cursor", ["before"])


@cells(
    ("status", "found"),
    [("cancelled", [0]), ("confirmed", [1, 2]), (["waitlisted", "cancelled"], [0, 3, 4]), ([], range(5))],
)
async def test_an_events_registrations_are_narrowed_by_status(
    events: Client, made: Made, status: str | list[str], found: list[int]
) -> None:
    steward = events.acting_as(a_steward())
    params = {"event": made["event"], "status": status}
    ids = await read_whole(steward, "/registrations", ("first", "after"), 2, **params)
    assert ids == [made["at event"][n] for n in found]


async def test_ones_own_are_narrowed_by_status_and_event(events: Client, made: Made) -> None:
    guest, way = events.acting_as(GUEST), ("first", "after")
    assert await read_whole(guest, "/registrations", way, 2, person=GUEST.id, status="waitlisted") == made["own"][:1]
    assert await read_whole(guest, "/registrations", way, 2, person=GUEST.id, event=made["event"]) == made["own"][:1]


@cells(("order", "status"), list(product(RegistrationOrder, ([], "confirmed", ["confirmed", "waitlisted"]))))
async def test_no_order_is_sorted_in_memory(
    events: Client, made: Made, monkeypatch: pytest.MonkeyPatch, order: str, status: str | list[str]
) -> None:
    for caller, whose in ((a_steward(), {"event": made["event"][0]}), (GUEST, {"person": GUEST.id})):
        client = events.acting_as(caller)
        await expect_no_sorting(
            monkeypatch, client, "/registrations", "registrations", order=order, status=status, **whose
        )
