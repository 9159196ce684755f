"""The orders of a list of entries, and what narrows it to whom, for whom and when."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from services.learning.entries.store import ENTRIES
from shared import clock
from shared.contracts.learning.entries import EntryOrder
from shared.ids import new_id
from tests.support.cells import cells
from tests.support.learning import Learning, a_person, an_operator
from tests.support.orders import cursor_of, expect_no_sorting, order_cells, read_whole

HUB, OTHER_HUB, GROUP, EVENT, TRUST, AGENCY = (new_id(kind) for kind in ("hub", "hub", "grp", "evt", "org", "org"))
AUTHOR = a_person(groups={GROUP: HUB}, organisations=(TRUST, AGENCY))
WAY = ("first", "after")


@pytest.fixture(scope="module")
async def made(learning: Learning) -> list[str]:
    """Ids of entries in a hub, the oldest first, with many others in another hub beside them."""
    fields: list[dict[str, Any]] = [
        {"attribution": "named", "organisation_id": TRUST},
        {"attribution": "organisation", "organisation_id": TRUST},
        {"attribution": "organisation", "organisation_id": AGENCY},
        {"attribution": "anonymous"},
        {"attribution": "named", "audience": "public", "event_id": EVENT},
        {"attribution": "named", "audience": "me"},
    ]
    made = [(await learning.share(AUTHOR, group_id=GROUP, themes=["trust"], **one))["id"] for one in fields]
    entries = ENTRIES.of(learning.service.database)
    document = await entries.find_one({"_id": made[0]})
    about = {"hub_id": OTHER_HUB, "group_id": None, "event_id": EVENT}
    start = clock.now() - timedelta(days=400)
    await entries.insert_many(
        [{**document, **about, "_id": new_id("ent"), "shared_at": start + timedelta(hours=n)} for n in range(300)]
    )
    return made


@cells(("order", "way", "size"), order_cells(EntryOrder))
async def test_each_order_is_read_whole_from_either_end(
    learning: Learning, made: list[str], order: str, way: tuple[str, str], size: int
) -> None:
    ids = await read_whole(learning.by(AUTHOR), "/entries", way, size, hub=HUB, order=order)
    assert ids == (made if order == "oldest" else made[::-1])


async def test_entries_come_newest_first_unless_another_order_is_asked_for(learning: Learning, made: list[str]) -> None:
    assert await read_whole(learning.by(AUTHOR), "/entries", WAY, 2, hub=HUB) == made[::-1]


@cells(("order", "other"), [tuple(EntryOrder), tuple(EntryOrder)[::-1]])
async def test_a_cursor_of_one_order_is_refused_in_another(
    learning: Learning, made: list[str], order: str, other: str
) -> None:
    cursor = await cursor_of(learning.by(AUTHOR), "/entries", order=order)
    answer = await learning.by(AUTHOR).get("/entries", params={"order": other, "after": cursor})
    assert answer.problem() == (422, "bad_cursor", ["after"])


NARROWED: list[dict[str, Any]] = [
    {},
    {"hub": HUB},
    {"hub": [HUB, OTHER_HUB]},
    {"group": GROUP},
    {"event": EVENT},
    {"theme": ["trust", "co_production"]},
    {"kind": ["mistake", "story"]},
    {"author": AUTHOR.id},
    {"organisation": [TRUST, AGENCY]},
    {"audience": "community"},
    {"from": clock.iso(clock.now() - timedelta(days=399)), "hub": OTHER_HUB, "kind": "mistake"},
]


@cells(("order", "asked"), list(product(EntryOrder, NARROWED)))
async def test_no_order_is_sorted_in_memory(
    learning: Learning, made: list[str], monkeypatch: pytest.MonkeyPatch, order: str, asked: dict[str, Any]
) -> None:
    for reader in (AUTHOR, a_person(), an_operator()):
        await expect_no_sorting(monkeypatch, learning.by(reader), "/entries", "entries", order=order, **asked)


@cells(
    ("asked", "found"),
    [
        ({"author": AUTHOR.id}, [0, 4, 5]),
        ({"author": [AUTHOR.id, new_id("per")], "audience": "public"}, [4]),
        ({"author": new_id("per")}, []),
        ({"organisation": TRUST}, [0, 1]),
        ({"organisation": [TRUST, AGENCY]}, [0, 1, 2]),
        ({"organisation": TRUST, "author": AUTHOR.id}, [0]),
        ({"audience": ["me", "public"]}, [4, 5]),
    ],
)
async def test_entries_are_narrowed_by_whose_they_are_and_for_whom(
    learning: Learning, made: list[str], asked: dict[str, Any], found: list[int]
) -> None:
    ids = await read_whole(learning.by(AUTHOR), "/entries", WAY, 2, hub=HUB, order="oldest", **asked)
    assert ids == [made[n] for n in found]


async def test_entries_that_do_not_name_their_author_are_not_found_by_them(learning: Learning, made: list[str]) -> None:
    """Neither by others nor by the author: the list tells no more than the entries themselves."""
    for reader in (AUTHOR, a_person(groups={GROUP: HUB}), an_operator()):
        found = (await learning.by(reader).get("/entries", params={"author": AUTHOR.id})).body["nodes"]
        assert {entry["author_id"] for entry in found} == {AUTHOR.id}
        assert not {made[1], made[2], made[3]} & {entry["id"] for entry in found}


async def test_who_turns_to_anonymity_is_not_found_any_more(learning: Learning) -> None:
    author = a_person(hubs=(HUB,), organisations=(TRUST,))
    entry = await learning.share(author, hub_id=HUB, organisation_id=TRUST)
    asked: tuple[dict[str, Any], ...] = ({"author": author.id}, {"organisation": TRUST, "hub": HUB})
    for one in asked:
        assert entry["id"] in await read_whole(learning.by(a_person()), "/entries", WAY, 100, **one)
    changed = await learning.by(author).patch(f"/entries/{entry['id']}", {"attribution": "anonymous"})
    assert changed.status == 200, changed.body
    for one in asked:
        assert entry["id"] not in await read_whole(learning.by(author), "/entries", WAY, 100, **one)


async def test_a_period_has_its_start_and_not_its_end(learning: Learning, made: list[str]) -> None:
    shared = {
        e["id"]: e["shared_at"] for e in (await learning.by(AUTHOR).get("/entries", params={"hub": HUB})).body["nodes"]
    }
    period = {"from": shared[made[1]], "to": shared[made[3]], "hub": HUB}
    assert await read_whole(learning.by(AUTHOR), "/entries", WAY, 2, order="oldest", **period) == made[1:3]
    answer = await learning.by(AUTHOR).get("/entries", params={"from": shared[made[1]], "to": shared[made[1]]})
    assert answer.problem() == (422, "empty_period", ["to"])
