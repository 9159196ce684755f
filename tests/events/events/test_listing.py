"""Lists of events: filters, order, pages."""

from typing import Any

import pytest

from shared import clock
from shared.ids import new_id
from tests.support.events import GROUP, a_draft, a_person, a_steward, an_event, in_days
from tests.support.serving import Client

Listing = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
async def listing(events: Client) -> Listing:
    """Events by name: three at known times, one of a group, a draft, a cancelled one."""
    made = {
        "second": await an_event(events, starts_at=clock.iso(in_days(20)), ends_at=clock.iso(in_days(21))),
        "first": await an_event(
            events, starts_at=clock.iso(in_days(10)), ends_at=clock.iso(in_days(11)), themes=["trust"]
        ),
        "third": await an_event(
            events,
            starts_at=clock.iso(in_days(30)),
            ends_at=clock.iso(in_days(31)),
            themes=["co_production", "learning_systems"],
        ),
        "of the group": await an_event(
            events, starts_at=clock.iso(in_days(40)), ends_at=clock.iso(in_days(41)), group_id=GROUP
        ),
        "draft": await a_draft(events, starts_at=clock.iso(in_days(50)), ends_at=clock.iso(in_days(51))),
        "cancelled": await an_event(events, starts_at=clock.iso(in_days(60)), ends_at=clock.iso(in_days(61))),
    }
    await events.acting_as(a_steward()).post(f"/events/{made['cancelled']['id']}/cancel")
    return made


async def names(events: Client, listing: Listing, person: Any = None, **params: Any) -> list[str]:
    """What a person finds, by name."""
    answer = await events.acting_as(person or a_person()).get("/events", params=params)
    assert answer.status == 200, answer.body
    known = {event["id"]: name for name, event in listing.items()}
    return [known[node["id"]] for node in answer.body["nodes"]]


async def test_events_come_by_their_start(events: Client, listing: Listing) -> None:
    assert await names(events, listing) == ["first", "second", "third", "of the group", "cancelled"]


async def test_drafts_come_only_to_who_looks_after_them(events: Client, listing: Listing) -> None:
    assert await names(events, listing, status="draft") == []
    assert await names(events, listing, a_steward(), status="draft") == ["draft"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"status": "cancelled"}, ["cancelled"]),
        ({"status": ["cancelled", "completed"]}, ["cancelled"]),
        ({"group": GROUP}, ["of the group"]),
        ({"group": new_id("grp")}, []),
        ({"hub": [new_id("hub")]}, []),
        ({"theme": "trust"}, ["first"]),
        ({"theme": ["trust", "co_production"]}, ["first", "third"]),
        ({"unheard_of": "x", "theme": "trust"}, ["first"]),
    ],
)
async def test_filters(events: Client, listing: Listing, asked: dict[str, Any], found: list[str]) -> None:
    assert await names(events, listing, **asked) == found


async def test_a_hub_and_those_below_it_are_asked_for_together(events: Client, listing: Listing) -> None:
    hub = listing["first"]["hub_id"]
    assert len(await names(events, listing, hub=[hub, new_id("hub")])) == 5


async def test_a_period_has_its_start_and_not_its_end(events: Client, listing: Listing) -> None:
    first, second, third = (listing[name]["starts_at"] for name in ("first", "second", "third"))
    assert await names(events, listing, **{"from": first, "to": third}) == ["first", "second"]
    assert await names(events, listing, **{"from": second, "to": third}) == ["second"]
    assert await names(events, listing, to=second) == ["first"]


async def test_pages_follow_one_another_without_gap_or_repeat(events: Client, listing: Listing) -> None:
    caller = events.acting_as(a_person())
    seen: list[str] = []
    after: dict[str, Any] = {}
    while True:
        page = (await caller.get("/events", params={"first": 2, **after})).body
        assert len(page["nodes"]) == len(page["cursors"])
        seen += [node["id"] for node in page["nodes"]]
        if not page["has_next"]:
            break
        after = {"after": page["cursors"][-1]}
    assert seen == [listing[name]["id"] for name in ("first", "second", "third", "of the group", "cancelled")]


async def test_a_cursor_of_another_list_is_refused(events: Client, listing: Listing) -> None:
    caller = events.acting_as(a_person())
    cursor = (await caller.get("/events", params={"first": 1})).body["cursors"][0]
    answer = await caller.get("/events", params={"theme": "trust", "after": cursor})
    assert answer.problem() == (422, "bad_cursor", ["after"])


async def test_by_ids_leaves_out_what_is_not_seen_or_not_there(events: Client, listing: Listing) -> None:
    wanted = [listing["third"]["id"], listing["draft"]["id"], new_id("evt"), new_id("hub"), "evt_nonsense", ""]
    answer = await events.acting_as(a_person()).post("/events/by-ids", {"ids": wanted})
    assert [event["id"] for event in answer.body] == [listing["third"]["id"]]


def without_the_viewers_own(view: dict[str, Any]) -> dict[str, Any]:
    """What a view says to everybody alike."""
    return {name: value for name, value in view.items() if not name.startswith("viewer_")}


async def test_one_event_is_read_by_its_id(events: Client, listing: Listing) -> None:
    caller = events.acting_as(a_person())
    seen = (await caller.get(f"/events/{listing['first']['id']}")).body
    assert without_the_viewers_own(seen) == without_the_viewers_own(listing["first"])
    assert (await caller.get(f"/events/{listing['draft']['id']}")).status == 404
