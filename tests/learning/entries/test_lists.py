"""Lists of entries: newest first, narrowed by hub, group, kind, theme and event, page after page."""

from typing import Any

import pytest

from shared.ids import new_id
from shared.settings import Settings
from tests.support.learning import Learning, a_person, running_learning

HUBS = tuple(new_id("hub") for _ in range(3))
GROUP, EVENT = new_id("grp"), new_id("evt")
AUTHOR = a_person(hubs=HUBS, groups={GROUP: HUBS[0]})


@pytest.fixture(scope="module")
async def ids(learning: Learning) -> list[str]:
    """Twelve entries, oldest first: in hub 0, 1, 2 by turns."""
    fields: list[dict[str, Any]] = [{"hub_id": HUBS[n % 3]} for n in range(12)]
    fields[3] |= {"group_id": GROUP}
    fields[4] |= {"kind": "exemplar"}
    fields[5] |= {"themes": ["trust", "co_production"]}
    fields[6] |= {"event_id": EVENT}
    fields[7] |= {"kind": "question"}
    fields[8] |= {"themes": ["learning_systems"]}
    return [(await learning.share(AUTHOR, **one))["id"] for one in fields]


async def page(learning: Learning, **params: Any) -> dict[str, Any]:
    answer = await learning.by(AUTHOR).get("/entries", params=params)
    assert answer.status == 200, answer.body
    body: dict[str, Any] = answer.body
    return body


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, range(12)),
        ({"hub": [HUBS[1]]}, [1, 4, 7, 10]),
        ({"hub": [HUBS[0], HUBS[2]]}, [0, 2, 3, 5, 6, 8, 9, 11]),
        ({"hub": [new_id("hub")]}, []),
        ({"group": GROUP}, [3]),
        ({"group": [GROUP, new_id("grp")]}, [3]),
        ({"kind": "exemplar"}, [4]),
        ({"kind": ["exemplar", "question"]}, [4, 7]),
        ({"kind": ["question", "question"]}, [7]),
        ({"theme": "co_production"}, [5]),
        ({"theme": ["co_production", "learning_systems", "leadership_and_culture_change"]}, [5, 8]),
        ({"theme": ["trust", "co_production"], "kind": ["mistake", "exemplar"]}, [5]),
        ({"event": EVENT}, [6]),
        ({"event": [new_id("evt"), EVENT], "hub": [HUBS[0]]}, [6]),
        ({"event": EVENT, "kind": "exemplar"}, []),
        ({"unknown": "ignored"}, range(12)),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
async def test_a_list_holds_what_is_asked_for_newest_first(
    learning: Learning, ids: list[str], params: dict[str, Any], expected: Any
) -> None:
    found = await page(learning, **params)
    assert [node["id"] for node in found["nodes"]] == [ids[n] for n in sorted(expected, reverse=True)]


async def test_pages_follow_one_another_without_gap_or_repeat(learning: Learning, ids: list[str]) -> None:
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        found = await page(learning, first=5, **after)
        seen += [node["id"] for node in found["nodes"]]
        if not found["has_next"]:
            break
        after = {"after": found["cursors"][-1]}
    assert seen == ids[::-1]


async def test_pages_can_be_read_from_the_end(learning: Learning, ids: list[str]) -> None:
    seen: list[str] = []
    before: dict[str, str] = {}
    while True:
        found = await page(learning, last=5, **before)
        seen = [node["id"] for node in found["nodes"]] + seen
        if not found["has_previous"]:
            break
        before = {"before": found["cursors"][0]}
    assert seen == ids[::-1]


async def test_a_cursor_belongs_to_its_filter_in_whatever_order_that_is_sent(
    learning: Learning, ids: list[str]
) -> None:
    first = await page(learning, first=1, kind=["question", "exemplar"], hub=[HUBS[1], HUBS[0]])
    after = first["cursors"][0]
    rest = await page(learning, kind=["exemplar", "question"], hub=[HUBS[0], HUBS[1]], after=after)
    assert [node["id"] for node in first["nodes"] + rest["nodes"]] == [ids[7], ids[4]]


async def test_a_cursor_of_another_list_is_an_error(learning: Learning, ids: list[str]) -> None:
    cursor = (await page(learning, first=2))["cursors"][0]
    answer = await learning.by(AUTHOR).get("/entries", params={"kind": "mistake", "after": cursor})
    assert answer.problem() == (422, "bad_cursor", ["after"])


async def test_ones_own_private_entries_are_in_ones_own_list(learning: Learning) -> None:
    author = a_person()
    mine = [
        (await learning.share(author, audience=audience, attribution=attribution, kind="vignette"))["id"]
        for audience in ("me", "buddy")
        for attribution in ("named", "anonymous")
    ]
    listed = (await learning.by(author).get("/entries", params={"kind": "vignette"})).body["nodes"]
    assert [node["id"] for node in listed] == mine[::-1]


@pytest.mark.parametrize("driver", ["motor", "pymongo"])
async def test_the_log_works_the_same_with_either_driver(settings: Settings, driver: str) -> None:
    chosen = settings.model_copy(update={"mongo_driver": driver, "namespace": f"{settings.namespace}-{driver}"})
    async with running_learning(chosen) as learning:
        entry = await learning.share(AUTHOR, audience="hub", hub_id=HUBS[0], attribution="anonymous")
        client = learning.by(AUTHOR)
        revised = await client.patch(f"/entries/{entry['id']}", {"title": "Again"})
        assert revised.body["revision"] == 2
        assert [node["title"] for node in (await client.get("/entries")).body["nodes"]] == ["Again"]
        assert len((await client.get(f"/entries/{entry['id']}/revisions")).body["nodes"]) == 2
        assert (await client.post(f"/entries/{entry['id']}/withdraw")).status == 200
        assert (await client.get("/entries")).body["nodes"] == []
        assert (await learning.counts())["revisions"] == 0
