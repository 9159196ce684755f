"""The orders of a list of events: each whole, both ways, from an index, with cursors of its own."""

from itertools import product
from typing import Any

import pytest

from services.events.events.store import EVENTS
from shared import clock
from shared.contracts.events.events import EventOrder
from shared.ids import new_id
from shared.mongo import Database
from tests.support.cells import cells
from tests.support.events import GROUP, HUB, a_draft, a_person, a_steward, an_event, an_operator, in_days
from tests.support.orders import cursor_of, expect_no_sorting, order_cells, read_whole
from tests.support.serving import Client

STARTS = (30, 10, 20, 10, 40, 10, 25)
"""In so many days the events start, in the order they are made. Three start at once."""
OTHER_HUBS = [new_id("hub"), new_id("hub")]


@pytest.fixture(scope="module")
async def made(events: Client, database: Database) -> list[str]:
    """Ids of events in the order they were made. Beside them many of other hubs: few results MongoDB may well sort."""
    starts = {days: in_days(days) for days in STARTS}
    drafts = [
        await a_draft(events, starts_at=clock.iso(starts[days]), ends_at=clock.iso(in_days(days + 1)), themes=["trust"])
        for days in STARTS
    ]
    for draft in drafts[::-1]:
        await events.acting_as(a_steward()).post(f"/events/{draft['id']}/publish")
    document = await EVENTS.of(database).find_one({"_id": drafts[0]["id"]})
    about = {"themes": ["co_production"], "languages": ["en"]}
    others = [
        {**document, **about, "_id": new_id("evt"), "hub_id": OTHER_HUBS[n % 2], "starts_at": in_days(n / 10)}
        for n in range(300)
    ]
    await EVENTS.of(database).insert_many(others)
    return [draft["id"] for draft in drafts]


def in_order(made: list[str], order: str) -> list[str]:
    """The ids as they come in this order."""
    by_start = sorted(made, key=lambda one: (STARTS[made.index(one)], one))
    orders = {"starts_first": by_start, "starts_last": by_start[::-1], "newest": made[::-1], "oldest": made}
    return orders[order]


@cells(("order", "way", "size"), order_cells(EventOrder))
async def test_each_order_is_read_whole_from_either_end(
    events: Client, made: list[str], order: str, way: tuple[str, str], size: int
) -> None:
    caller = events.acting_as(a_person())
    assert await read_whole(caller, "/events", way, size, hub=HUB, order=order) == in_order(made, order)


async def test_events_come_by_start_unless_another_order_is_asked_for(events: Client, made: list[str]) -> None:
    answer = await events.acting_as(a_person()).get("/events", params={"hub": HUB})
    assert [node["id"] for node in answer.body["nodes"]] == in_order(made, "starts_first")


@cells(("order", "other"), [(one, other) for one, other in product(EventOrder, EventOrder) if one is not other])
async def test_a_cursor_of_one_order_is_refused_in_another(
    events: Client, made: list[str], order: str, other: str
) -> None:
    caller = events.acting_as(a_person())
    cursor = await cursor_of(caller, "/events", order=order)
    for where in ("after", "before"):
        answer = await caller.get("/events", params={"order": other, where: cursor})
        assert answer.problem() == (422, "bad_cursor", [where])


NARROWED: list[dict[str, Any]] = [
    {},
    {"hub": HUB},
    {"hub": [HUB, *OTHER_HUBS]},
    {"group": GROUP},
    {"theme": "trust"},
    {"theme": ["trust", "co_production"]},
    {"status": "published"},
    {"status": ["published", "draft"], "hub": HUB},
    {"kind": "workshop"},
    {"kind": ["workshop", "launch"], "theme": "trust"},
    {"visibility": "community"},
    {"language": ["en", "cy"]},
    {"from": clock.iso(in_days(15))},
    {"from": clock.iso(in_days(15)), "to": clock.iso(in_days(35)), "status": "published", "hub": HUB},
]


@cells(("order", "asked"), list(product(EventOrder, NARROWED)))
async def test_no_order_is_sorted_in_memory(
    events: Client, made: list[str], monkeypatch: pytest.MonkeyPatch, order: str, asked: dict[str, Any]
) -> None:
    for caller in (a_person(), a_steward(), an_operator()):
        await expect_no_sorting(monkeypatch, events.acting_as(caller), "/events", "events", order=order, **asked)


async def test_an_order_that_there_is_not_is_refused(events: Client) -> None:
    answer = await events.acting_as(a_person()).get("/events", params={"order": "most_popular"})
    assert answer.problem() == (422, "not_a_choice", ["order"])


async def test_events_are_narrowed_by_kind_visibility_and_language(events: Client) -> None:
    of = {
        "welsh": await an_event(events, kind="launch", languages=["cy", "en"], visibility="public"),
        "hub": await an_event(events, kind="training", languages=["en"], visibility="hub"),
        "plain": await an_event(events, kind="online"),
    }
    names = {event["id"]: name for name, event in of.items()}
    for asked, found in (
        ({"kind": "launch"}, {"welsh"}),
        ({"kind": ["launch", "training"]}, {"welsh", "hub"}),
        ({"visibility": "public"}, {"welsh"}),
        ({"visibility": ["public", "hub"]}, {"welsh", "hub"}),
        ({"language": "cy"}, {"welsh"}),
        ({"language": ["cy", "en"]}, {"welsh", "hub"}),
        ({"language": "de"}, set()),
    ):
        ids = await read_whole(events.acting_as(a_person()), "/events", ("first", "after"), 100, hub=HUB, **asked)
        assert {names[one] for one in ids if one in names} == found, asked
    answer = await events.acting_as(a_person()).get("/events", params={"language": "no language"})
    assert answer.problem() == (422, "not_a_language", ["language", 0])
