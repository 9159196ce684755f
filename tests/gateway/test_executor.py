"""Passing leaf fields straight on gives what graphql-core gives, errors and all."""

from types import SimpleNamespace
from typing import Any

import pytest
from graphql import ExecutionResult, execute, parse
from graphql.execution import Executor
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.graph.executor import executor_for
from gateway.graph.schema import executable
from shared.enums import Theme

QUERY = parse("""{ events { edges { cursor node {
    __typename id name: title title summary status startsAt capacity confirmedCount themes languages
    place { name latitude longitude } ...More
} } pageInfo { hasNextPage endCursor } } }
fragment More on Event { onlineUrl version publishedAt }
""")
PLAIN = executor_for(executable())


def run(node: Any, executor: type[Executor[Any]]) -> ExecutionResult:
    """What an executor makes of one event."""
    schema = executable()
    assert schema.query_type is not None
    page = {"edges": [{"cursor": "c", "node": node}], "page_info": {"has_next_page": False, "end_cursor": None}}
    field = schema.query_type.fields["events"]
    resolve, field.resolve = field.resolve, lambda source, info, **arguments: page
    try:
        boundless = SimpleNamespace(spend=lambda fields, characters: None)
        result = execute(schema, QUERY, {}, context_value=boundless, executor_class=executor)
    finally:
        field.resolve = resolve
    assert isinstance(result, ExecutionResult)
    return result


def same(node: Any) -> ExecutionResult:
    """Both executors' answer, which must be the same one."""
    plain, slow = run(node, PLAIN), run(node, Executor)
    assert plain.data == slow.data
    assert list(_keys(plain.data)) == list(_keys(slow.data))
    assert [error.formatted for error in plain.errors or ()] == [error.formatted for error in slow.errors or ()]
    return plain


def _keys(data: Any) -> Any:
    """The names in an answer, in their order."""
    for name, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield name
        yield from _keys(value)


EVENT = {
    "id": "evt_1",
    "title": "A workshop",
    "summary": None,
    "status": "published",
    "starts_at": "2026-03-05T12:30:00Z",
    "capacity": 20,
    "confirmed_count": 3,
    "themes": ["trust", "co_production"],
    "languages": [],
    "place": {"name": "Newcastle", "latitude": 54.978, "longitude": -1.614},
    "online_url": None,
    "version": 1,
    "published_at": None,
}


def test_a_usual_answer_is_passed_on_in_the_order_it_was_asked_for() -> None:
    result = same(EVENT)
    assert result.errors is None
    assert result.data is not None
    node = result.data["events"]["edges"][0]["node"]
    assert node["themes"] == ["TRUST", "CO_PRODUCTION"]
    assert list(node)[:4] == ["__typename", "id", "name", "title"]


@pytest.mark.parametrize(
    "change",
    [
        {"title": None},
        {"title": 5},
        {"title": ["x"]},
        {"status": "postponed"},
        {"status": ["published"]},
        {"capacity": 2**31},
        {"capacity": 20.0},
        {"capacity": True},
        {"capacity": "20"},
        {"confirmed_count": None},
        {"themes": ["trust", "love"]},
        {"themes": ["trust", None]},
        {"themes": "trust"},
        {"themes": None},
        {"languages": [1, "en"]},
        {"place": {"name": "Here", "latitude": 54, "longitude": None}},
        {"place": {"latitude": 1.5}},
        {"place": None},
    ],
)
def test_what_is_unusual_is_told_as_ever(change: dict[str, Any]) -> None:
    same(EVENT | change)


def test_a_field_the_service_does_not_send_is_null_or_an_error() -> None:
    for name in EVENT:
        same({key: value for key, value in EVENT.items() if key != name})


VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.lists(st.sampled_from([*Theme]).map(str) | st.none() | st.integers())
    | st.dictionaries(st.sampled_from(["name", "latitude", "longitude"]), st.text() | st.floats(allow_nan=False))
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(EVENT)), VALUES))
def test_whatever_a_service_sends_both_say_the_same(change: dict[str, Any]) -> None:
    same(EVENT | change)
