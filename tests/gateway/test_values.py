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
        ('{ events(filter: {from: "yesterday"}) { edges { cursor } } }', ("not_a_date_time", "filter.from")),
        ("{ events(filter: {themes: [TRUST, NOPE]}) { edges { cursor } } }", ("not_a_choice", "filter.themes.1")),
        ('{ events(filter: {themes: ["trust"]}) { edges { cursor } } }', ("not_a_choice", "filter.themes.0")),
        ("{ events(filter: {form: 1}) { edges { cursor } } }", ("unknown_field", "filter.form")),
        ("{ events(filter: 5) { edges { cursor } } }", ("not_an_object", "filter")),
        ('{ events(first: "many") { edges { cursor } } }', ("not_a_whole_number", "first")),
        ("{ events(first: 99999999999) { edges { cursor } } }", ("too_large_number", "first")),
        ("{ events(first: 1" + "0" * 5000 + ") { edges { cursor } } }", ("not_a_whole_number", "first")),
        ("{ hub(slug: 5) { id } }", ("not_text", "slug")),
        ("{ node(id: null) { id } }", ("required", "id")),
        ("query($n: Int = true) { events(first: $n) { edges { cursor } } }", ("not_a_whole_number", "n")),
        ('mutation { createHub(input: {slug: "x", kind: REGIONAL}) { hub { id } } }', ("required", "input.name")),
        ("{ viewer { kind @include(if: 1) } }", ("not_true_or_false", "if")),
    ],
)
async def test_a_value_in_the_query(community: Community, query: str, expected: tuple[str, str]) -> None:
    assert told(await problems(community, query)) == [expected]


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        (EVENTS, {"f": {"from": "yesterday"}}, [("not_a_date_time", "filter.from")]),
        (EVENTS, {"f": {"themes": ["TRUST", "NOPE"]}}, [("not_a_choice", "filter.themes.1")]),
        (EVENTS, {"f": {"themes": {"$gt": ""}}}, [("not_a_choice", "filter.themes")]),
        (EVENTS, {"f": []}, [("not_an_object", "filter")]),
        (CREATE, {}, [("required", "input")]),
        (CREATE, {"i": None}, [("required", "input")]),
        (
            CREATE,
            {"i": WHOLE | {"title": None, "capacity": 1.5}},
            [("required", "input.title"), ("not_a_whole_number", "input.capacity")],
        ),
        (CREATE, {"i": WHOLE | {"titel": 1}}, [("unknown_field", "input.titel")]),
        (
            CREATE,
            {"i": {"kind": "ONLINE"}},
            [("required", f"input.{name}") for name in ("title", "startsAt", "endsAt", "timeZone")],
        ),
        (
            "mutation($t: String!) { createHub(input: {slug: $t, name: $t, kind: REGIONAL}) { hub { id } } }",
            {"t": {"$gt": ""}},
            [("not_text", "input.slug")],
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
    assert told(found) == [("required", "input.code"), ("unknown_field", "input.kode")]
    assert found[1]["message"] == "There is no such field. Did you mean `code`?"
    assert "SECRET12" not in str(found)


async def test_the_words_to_choose_from_are_the_graphs(community: Community) -> None:
    (one,) = await problems(community, "{ events(filter: {statuses: GONE}) { edges { cursor } } }")
    assert one["message"].startswith("Choose one of these: `DRAFT`, ")
