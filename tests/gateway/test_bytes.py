"""Bytes are budgeted, not only fields: the largest entries there may be, in pages, under aliases and by their ids."""

from collections import Counter
from typing import Any

import pytest

from gateway.services import MOST_AT_ONCE, MOST_READ, Service
from shared.ids import new_id
from shared.paging import MOST_PAGE_BYTES
from tests.gateway.community import Community

ENTRIES = 60
BODY = "\N{SEEDLING}" * 20_000  # of four bytes each
LARGEST_PAGE = MOST_PAGE_BYTES * 2  # the one entry that is over, and what is not text


@pytest.fixture(scope="module")
async def ids(community: Community) -> list[str]:
    """The ids of many entries that are as long as an entry may be, as one person shared them."""
    about = {"hub": community.hubs["north"], "kind": "STORY", "title": "Long", "body": BODY, "audience": "COMMUNITY"}
    made = await community.do("shareEntry", "entry { id }", about, community.people["sam"].token)
    first: str = made["entry"]["id"]
    collection = community.stack.app("learning").state.service.database["entries"]
    document = await collection.find_one({"_id": first})
    copies = [{**document, "_id": new_id("ent")} for _ in range(ENTRIES - 1)]
    await collection.insert_many(copies)
    return [first, *(copy["_id"] for copy in copies)]


class Exchanges:
    """What the gateway read of its services: the bytes of each answer, and how many were under way at once."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.most: Counter[str] = Counter()
        self._now: Counter[str] = Counter()

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        exchange = Service._exchange

        async def measured(service: Service, *arguments: Any) -> Any:
            self._now[service.name] += 1
            self.most[service.name] = max(self.most[service.name], self._now[service.name])
            try:
                status, content, retry_after = await exchange(service, *arguments)
            finally:
                self._now[service.name] -= 1
            self.sizes.append(len(content))
            return status, content, retry_after

        monkeypatch.setattr(Service, "_exchange", measured)


@pytest.fixture
def exchanges(monkeypatch: pytest.MonkeyPatch) -> Exchanges:
    """What is read from now on."""
    seen = Exchanges()
    seen.install(monkeypatch)
    return seen


async def test_a_page_of_the_largest_ends_early_and_the_list_is_whole(
    community: Community, ids: list[str], exchanges: Exchanges
) -> None:
    query = "query($after: String) { entries(first: 100, after: $after) { edges { node { id } } pageInfo {"
    query += " hasNextPage endCursor } } }"
    found: list[str] = []
    after, more = None, True
    while more:
        page = (await community.data(query, {"after": after}, key=community.operator))["entries"]
        assert page["edges"]
        found += [edge["node"]["id"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len(found) == len(set(found))
    assert set(ids) <= set(found)
    assert max(exchanges.sizes) < LARGEST_PAGE


async def test_a_page_under_many_aliases_is_refused_before_it_is_all_read(
    community: Community, ids: list[str], exchanges: Exchanges
) -> None:
    lists = " ".join(f"a{number}: entries(first: 100) {{ edges {{ node {{ id }} }} }}" for number in range(30))
    answer = await community.ask(f"{{ {lists} }}", key=community.operator)
    (error,) = answer["errors"]
    assert error["extensions"]["problems"][0]["code"] == "asks_too_much"
    assert sum(exchanges.sizes) < MOST_READ + (MOST_AT_ONCE + 1) * LARGEST_PAGE
    assert exchanges.most["learning"] <= MOST_AT_ONCE


async def test_so_many_by_their_ids_are_read_a_few_at_once(
    community: Community, ids: list[str], exchanges: Exchanges
) -> None:
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    answer = await community.data(query, {"ids": ids}, key=community.operator)
    assert [node["id"] for node in answer["nodes"]] == ids
    assert max(exchanges.sizes) < 25 * 4 * len(BODY) * 1.1
    assert exchanges.most["learning"] <= MOST_AT_ONCE


async def test_bytes_of_an_answer_are_counted_not_characters(
    community: Community, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    query = f'{{ node(id: "{ids[0]}") {{ ... on Entry {{ body }} }} }}'
    monkeypatch.setattr("gateway.context.MOST_BYTES", 4 * len(BODY) + 1_000)
    assert (await community.data(query, key=community.operator))["node"]["body"] == BODY
    monkeypatch.setattr("gateway.context.MOST_BYTES", 4 * len(BODY) - 1_000)
    (error,) = (await community.ask(query, key=community.operator))["errors"]
    assert error["extensions"]["problems"][0]["code"] == "asks_too_much"
