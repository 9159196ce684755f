"""What an operation may come to is worked out before any service is asked."""

from typing import Any

import pytest
from graphql import parse

from gateway.errors import AsksTooMuch
from gateway.estimate import MANY, MOST_ESTIMATED_CALLS, check_cost
from gateway.graph.schema import executable
from gateway.services import Service
from tests.gateway.community import Community


def is_too_much(text: str, variables: dict[str, Any] | None = None, name: str | None = None) -> bool:
    """Whether an operation is refused unasked."""
    try:
        check_cost(executable(), parse(text), name, variables or {})
    except AsksTooMuch:
        return True
    return False


def people(aliases: int, first: str, fields: int = 16) -> str:
    """So many lists of people, each person with so many fields."""
    names = " ".join(f"f{number}: name" for number in range(fields))
    return " ".join(f"a{each}: people(first: {first}) {{ edges {{ node {{ {names} }} }} }}" for each in range(aliases))


def test_fields_are_counted_by_the_size_of_their_pages() -> None:
    assert not is_too_much(f"{{ {people(30, '90')} }}")
    assert is_too_much(f"{{ {people(30, '100')} }}")
    assert not is_too_much(f"query($n: Int) {{ {people(30, '$n')} }}", {"n": 20})
    assert is_too_much(f"query($n: Int) {{ {people(30, '$n')} }}", {"n": 100})
    for size in (100, 100.0):
        assert is_too_much(f"query($n: Int) {{ {people(30, '$n')} }}", {"n": size}), size
    assert is_too_much(f"query($n: Int = 100) {{ {people(30, '$n')} }}")
    assert not is_too_much(f"query($n: Int = 100) {{ {people(30, '$n')} }}", {"n": 1})


def test_what_is_no_size_of_a_page_counts_as_one() -> None:
    for first in ("0", "-5"):
        assert not is_too_much(f"{{ {people(30, first)} }}")
    for first in ("101", "999999999999999999999"):
        assert is_too_much(f"{{ {people(30, first)} }}")
    assert not is_too_much(f"query($n: Int) {{ {people(10, '$n')} }}", {"n": "many"})


def test_a_page_from_the_end_counts_as_one_from_the_start() -> None:
    for size in ("last: 100", "first: 1, last: 100", "first: null, last: 100", "last: $n"):
        whole = people(30, "100").replace("first: 100", size)
        assert is_too_much(f"query($n: Int = 100) {{ {whole} }}"), size
    few = people(30, "100").replace("first: 100", "last: 10")
    assert not is_too_much(f"{{ {few} }}")


def test_counting_a_list_is_a_call_more() -> None:
    few = " ".join(f"a{each}: people(first: 1) {{ edges {{ cursor }} }}" for each in range(MOST_ESTIMATED_CALLS))
    assert not is_too_much(f"{{ {few} }}")
    assert is_too_much(f"{{ {few.replace('edges { cursor }', 'totalCount', 1)} }}")


def test_lists_below_lists_are_counted_for_each_thing() -> None:
    below = "members(first: 1) { edges { cursor } }"
    several = " ".join(f"m{number}: {below}" for number in range(MOST_ESTIMATED_CALLS // 100))
    assert not is_too_much(f"{{ groups(first: 50) {{ edges {{ node {{ {several} }} }} }} }}")
    assert is_too_much(f"{{ groups(first: 100) {{ edges {{ node {{ {several} }} }} }} }}")
    assert is_too_much(
        "{ groups(first: 100) { edges { node { members(first: 100) { edges { node { person {"
        " name memberships(first: 1) { edges { cursor } } } } } } } } } }"
    )


def test_fragments_and_interfaces_are_followed() -> None:
    fragment = "fragment F on Query { " + people(30, "100") + " }"
    assert is_too_much(f"{{ ...F }} {fragment}")
    ids = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Hub { groups(first: 1) { edges { cursor } } "
    ids += "a: events(first: 1) { edges { cursor } } b: members(first: 1) { edges { cursor } } "
    ids += "c: children(first: 1) { edges { cursor } } } } }"
    assert is_too_much(ids, {"ids": ["hub_1"] * 100})
    assert not is_too_much(ids, {"ids": ["hub_1"] * 10})


def test_a_list_that_is_no_page_counts_as_a_few() -> None:
    calls = "memberships(first: 1) { edges { cursor } }"
    text = "{ events(first: %d) { edges { node { organisers { " + calls + " } } } } }"
    assert not is_too_much(text % (MOST_ESTIMATED_CALLS // MANY - 1))
    assert is_too_much(text % (MOST_ESTIMATED_CALLS // MANY))


def test_what_is_left_out_costs_nothing() -> None:
    text = "query($no: Boolean!) { ... on Query @include(if: $no) { " + people(30, "100") + " } }"
    assert is_too_much(text, {"no": True})
    assert not is_too_much(text, {"no": False})
    assert not is_too_much(text.replace("@include(if: $no)", "@skip(if: true)"), {"no": True})


def test_only_the_chosen_operation_counts() -> None:
    text = f"query A {{ {people(30, '100')} }} query B {{ viewer {{ kind }} }}"
    assert is_too_much(text, name="A")
    assert not is_too_much(text, name="B")
    assert not is_too_much(text)


def test_a_refusal_names_the_limit() -> None:
    lists = " ".join(f"a{each}: people(first: 1) {{ edges {{ cursor }} }}" for each in range(MOST_ESTIMATED_CALLS + 2))
    with pytest.raises(AsksTooMuch, match=r"more than 300 lists or 50,000 fields"):
        check_cost(executable(), parse(f"{{ {lists} }}"), None, {})


async def test_too_much_is_refused_before_any_service_is_asked(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    exchange = Service._exchange

    async def counted(self: Service, *arguments: Any) -> Any:
        asked.append(self.name)
        return await exchange(self, *arguments)

    monkeypatch.setattr(Service, "_exchange", counted)
    each = "id name languages affiliations { since organisation { id name } }"
    lists = " ".join(f"a{number}: people(first: 100) {{ edges {{ node {{ {each} }} }} }}" for number in range(30))
    answer = await community.ask(f"{{ {lists} }}", key=community.operator)
    (error,) = answer["errors"]
    assert error["extensions"]["problems"][0]["code"] == "asks_too_much"
    assert "data" not in answer
    assert asked == []
    await community.ask("{ people(first: 1) { edges { cursor } } }", key=community.operator)
    assert "membership" in asked


def test_fragments_of_fragments_are_counted_no_further_than_the_limit() -> None:
    spreads = "".join(f"fragment f{n} on Person {{ ...f{n + 1} a{n}: name ...f{n + 1} }} " for n in range(60))
    people = "{ people(first: 100) { edges { node { ...f0 } } } }"
    # To count all of it would take longer than anybody lives.
    assert is_too_much(f"{people} {spreads} fragment f60 on Person {{ name }}")
