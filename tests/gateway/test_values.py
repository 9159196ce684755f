"""Values that GraphQL itself refuses: each a problem with a path of what the caller wrote, and nothing echoed."""

import json
from typing import Any

import pytest

from tests.gateway.community import Community
from tests.gateway.test_over_http import post

EVENTS = "query($f: EventFilter) { events(filter: $f) { edges { cursor } } }"
CREATE = "mutation($i: CreateEventInput!) { createEvent(input: $i) { event { id } } }"
WHOLE = {
    "title": "T",
    "kind": "ONLINE",
    "startsAt": "2026-03-05T12:30:00Z",
    "endsAt": "2026-03-05T13:30:00Z",
    "timeZone": "Europe/London",
}


async def problems(community: Community, query: str, variables: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """All problems of the answer's errors, each of which must be a bad request."""
    status, _, body = await post(community, json.dumps({"query": query, "variables": variables}).encode())
    assert status == 200
    assert "data" not in body
    found: list[dict[str, Any]] = []
    for error in body["errors"]:
        assert error["extensions"]["code"] == "BAD_REQUEST"
        first = error["extensions"]["problems"][0]
        assert error["message"].startswith(f"`{'.'.join(first['path'])}`: {first['message']}")
        found += error["extensions"]["problems"]
    return found


def told(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["code"], ".".join(each["path"])) for each in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('{ events(filter: {from: "yesterday"}) { edges { cursor } } }', ("datetime_parsing", "filter.from")),
        ("{ events(filter: {themes: [TRUST, NOPE]}) { edges { cursor } } }", ("enum", "filter.themes.1")),
        ('{ events(filter: {themes: ["trust"]}) { edges { cursor } } }', ("enum", "filter.themes.0")),
        ("{ events(filter: {form: 1}) { edges { cursor } } }", ("extra_forbidden", "filter.form")),
        ("{ events(filter: 5) { edges { cursor } } }", ("model_type", "filter")),
        ('{ events(first: "many") { edges { cursor } } }', ("int_type", "first")),
        ("{ events(first: 99999999999) { edges { cursor } } }", ("int_parsing_size", "first")),
        ("{ events(first: 1" + "0" * 5000 + ") { edges { cursor } } }", ("int_type", "first")),
        ("{ hub(slug: 5) { id } }", ("string_type", "slug")),
        ("{ node(id: null) { id } }", ("string_type", "id")),
        ("query($n: Int = true) { events(first: $n) { edges { cursor } } }", ("int_type", "n")),
        ('mutation { createHub(input: {slug: "x", kind: REGIONAL}) { hub { id } } }', ("missing", "input.name")),
        ("{ viewer { kind @include(if: 1) } }", ("bool_type", "if")),
    ],
)
async def test_a_value_in_the_query(community: Community, query: str, expected: tuple[str, str]) -> None:
    assert told(await problems(community, query)) == [expected]


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        (EVENTS, {"f": {"from": "yesterday"}}, [("datetime_parsing", "filter.from")]),
        (EVENTS, {"f": {"themes": ["TRUST", "NOPE"]}}, [("enum", "filter.themes.1")]),
        (EVENTS, {"f": {"themes": {"$gt": ""}}}, [("enum", "filter.themes")]),
        (EVENTS, {"f": []}, [("model_type", "filter")]),
        (CREATE, {}, [("missing", "input")]),
        (CREATE, {"i": None}, [("model_type", "input")]),
        (
            CREATE,
            {"i": WHOLE | {"title": None, "capacity": 1.5}},
            [("string_type", "input.title"), ("int_type", "input.capacity")],
        ),
        (CREATE, {"i": WHOLE | {"titel": 1}}, [("extra_forbidden", "input.titel")]),
        (
            CREATE,
            {"i": {"kind": "ONLINE"}},
            [("missing", f"input.{name}") for name in ("title", "startsAt", "endsAt", "timeZone")],
        ),
        (
            "mutation($t: String!) { createHub(input: {slug: $t, name: $t, kind: REGIONAL}) { hub { id } } }",
            {"t": {"$gt": ""}},
            [("string_type", "input.slug")],
        ),
    ],
)
async def test_a_value_among_the_variables(
    community: Community, query: str, variables: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert told(await problems(community, query, variables)) == expected


async def test_what_was_sent_is_not_repeated_and_what_was_meant_is_named(community: Community) -> None:
    sent = {"i": {"email": "kim@example.org", "kode": "SECRET12"}}
    query = "mutation($i: SignInInput!) { signIn(input: $i) { problems { message } } }"
    found = await problems(community, query, sent)
    assert told(found) == [("missing", "input.code"), ("extra_forbidden", "input.kode")]
    assert found[1]["message"] == "There is no such field. Did you mean `code`?"
    assert "SECRET12" not in str(found)


async def test_the_words_to_choose_from_are_the_graphs(community: Community) -> None:
    (one,) = await problems(community, "{ events(filter: {statuses: GONE}) { edges { cursor } } }")
    assert one["message"].startswith("Choose one of these: `DRAFT`, ")
