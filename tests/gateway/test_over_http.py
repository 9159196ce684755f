"""GraphQL over HTTP: media types, statuses, and requests that are not what they should be."""

import io
import json
from typing import Any

import pytest

from tests.gateway.community import Community

QUERY = json.dumps({"query": "{ viewer { kind } }"}).encode()
JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


async def post(
    community: Community, body: bytes = QUERY, *, method: str = "POST", **headers: str
) -> tuple[int, dict[str, str], Any]:
    """Send raw bytes; header names are written with underscores. Gives status, headers and the body, parsed."""
    sent = {"content-type": JSON} | {name.replace("_", "-"): value for name, value in headers.items()}
    async with community.stack.http.request(
        method, community.stack.graphql, data=io.BytesIO(body), headers=sent, allow_redirects=False
    ) as answer:
        text = await answer.text()
        is_json = "json" in answer.headers.get("content-type", "")
        found = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status, found, json.loads(text) if is_json else text


def code_of(body: Any) -> str:
    """The code of the one error of an answer."""
    (error,) = body["errors"]
    assert error["extensions"]["requestId"].startswith("req_")
    code: str = error["extensions"]["code"]
    return code


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", JSON),
        ("*/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{JSON}, {GRAPHQL}", JSON),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{JSON};q=0.5, {GRAPHQL};q=0.8", GRAPHQL),
        ("text/html, application/*;q=0.2", JSON),
    ],
)
async def test_the_answer_has_the_media_type_that_is_accepted(community: Community, accept: str, media: str) -> None:
    status, headers, body = await post(community, accept=accept)
    assert status == 200
    assert headers["content-type"] == f"{media}; charset=utf-8"
    assert body == {"data": {"viewer": {"kind": "ANONYMOUS"}}}


async def test_other_media_types_are_not_acceptable(community: Community) -> None:
    for accept in ("text/html", f"{JSON};q=0, {GRAPHQL};q=0", "image/png"):
        status, _, body = await post(community, accept=accept)
        assert (status, code_of(body)) == (406, "BAD_REQUEST")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b'"{ viewer { kind } }"',
        b"\xff\xfe",
        b'{"query": "{ viewer { kind } } \xff"}',
        b'{"query": NaN}',
        b'{"query": "{ viewer { kind } }", "variables": {"a": NaN}}',
        b'{"query": "\\ud800"}',
        b"{}",
        b'{"query": null}',
        b'{"query": ""}',
        b'{"query": "   "}',
        b'{"query": ["{ viewer { kind } }"]}',
        b'{"query": "{ viewer { kind } }", "variables": []}',
        b'{"query": "{ viewer { kind } }", "variables": "{}"}',
        b'{"query": "{ viewer { kind } }", "operationName": 5}',
        b'{"query": "{ viewer { kind } }", "extensions": 5}',
        b'[{"query": "{ viewer { kind } }"}]',
        b'{"a":' * 5000,
    ],
)
async def test_what_is_no_request_is_refused_with_400(community: Community, body: bytes) -> None:
    for accept in (JSON, GRAPHQL):
        status, headers, answer = await post(community, body, accept=accept)
        assert (status, code_of(answer)) == (400, "BAD_REQUEST")
        assert headers["content-type"].startswith(accept)


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        (b'{"query": "\\ud800"}', "not_unicode", ["query"]),
        (
            b'{"query": "{ viewer { kind } }", "variables": {"i": {"t": ["\\udc00"]}}}',
            "not_unicode",
            ["variables", "i", "t", 0],
        ),
        (b'{"query": "{ viewer { kind } }", "variables": {"n": 1e400}}', "too_large_number", ["variables", "n"]),
    ],
)
async def test_a_value_of_json_that_cannot_be_used_is_named(
    community: Community, body: bytes, code: str, path: list[str | int]
) -> None:
    _, _, answer = await post(community, body)
    (error,) = answer["errors"]
    assert [(each["code"], each["path"]) for each in error["extensions"]["problems"]] == [(code, path)]


async def test_only_json_is_taken_so_that_no_form_can_send_one(community: Community) -> None:
    for content_type in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        f"{JSON}; charset=latin-1",
        "",
    ):
        status, _, body = await post(community, content_type=content_type)
        assert (status, code_of(body)) == (415, "BAD_REQUEST"), content_type
    for content_type in (f"{JSON}; charset=utf-8", f'{JSON}; charset="UTF-8"', "Application/JSON"):
        assert (await post(community, content_type=content_type))[0] == 200


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { kind }",
        "{ nothing }",
        "{ viewer { kind { deeper } } }",
        "query A { viewer { kind } } query B { viewer { kind } }",
        "subscription { viewer { kind } }",
        "query($a: Int) { viewer { kind } }",
        "query($id: ID!) { node(id: $id) { id } }",
        '{ events(first: "ten") { edges { cursor } } }',
        "{ events(first: 99999999999999999999) { edges { cursor } } }",
        '{ events(filter: {from: "yesterday"}) { edges { cursor } } }',
        '{ events(filter: {from: "2026-03-05T12:30:00"}) { edges { cursor } } }',
        '{ events(filter: {from: "9999-12-31T23:59:59-12:00"}) { edges { cursor } } }',
        "{ events(filter: {from: 5}) { edges { cursor } } }",
        "{ events(filter: {themes: [LOVE]}) { edges { cursor } } }",
        '{ node(id: "\\ud800") { id } }',
        "{ viewer { kind } } \u0000",
        "fragment A on Viewer { ...A } { viewer { ...A } }",
        "{ viewer { kind } } type Query { a: Int }",
        "mutation { createHub(input: {}) { hub { id } } }",
    ],
)
async def test_a_document_that_cannot_be_run_is_told_by_status_only_where_that_is_asked_for(
    community: Community, query: str
) -> None:
    sent = json.dumps({"query": query}).encode()
    for accept, expected in ((JSON, 200), (GRAPHQL, 400)):
        status, _, body = await post(community, sent, accept=accept)
        assert status == expected, body
        assert "data" not in body
        for error in body["errors"]:
            assert error["extensions"]["code"] == "BAD_REQUEST", error
            assert set(error) <= {"message", "locations", "extensions"}


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"first": "x"}, "`first`"),
        ({"first": 1e30}, "`first`"),
        ({"first": 1.5}, "`first`"),
        ({"first": True}, "`first`"),
        ({"filter": {"nowhere": 1}}, "nowhere"),
        ({"filter": {"from": "2026-02-30T00:00:00Z"}}, "RFC 3339"),
        ({"filter": {"from": 1770000000}}, "RFC 3339"),
        ({"filter": {"themes": ["trust"]}}, "`filter.themes.0`"),
        ({"filter": []}, "`filter`"),
    ],
)
async def test_variables_that_do_not_fit_are_named(community: Community, variables: dict[str, Any], named: str) -> None:
    query = "query($first: Int, $filter: EventFilter) { events(first: $first, filter: $filter) { edges { cursor } } }"
    body = json.dumps({"query": query, "variables": variables}).encode()
    status, _, answer = await post(community, body, accept=GRAPHQL)
    assert status == 400
    assert named in answer["errors"][0]["message"], answer
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_an_operation_is_chosen_by_its_name(community: Community) -> None:
    both = "query A { viewer { kind } } query B { viewer { id: callerId } }"
    sent = json.dumps({"query": both, "operationName": "B", "variables": None, "extensions": {}}).encode()
    assert (await post(community, sent))[2] == {"data": {"viewer": {"id": None}}}
    sent = json.dumps({"query": both, "operationName": "C"}).encode()
    status, _, body = await post(community, sent, accept=GRAPHQL)
    assert (status, code_of(body)) == (400, "BAD_REQUEST")


async def test_operations_come_by_post_only(community: Community) -> None:
    url = f"{community.stack.graphql}?query=%7Bviewer%7Bkind%7D%7D"
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        async with community.stack.http.request(method, url, headers={"accept": JSON}) as answer:
            assert answer.status == 405
            assert answer.headers["allow"] == ("POST" if method == "GET" else "GET, POST")
            assert "viewer" not in await answer.text()


async def test_a_browser_is_shown_graphiql(community: Community) -> None:
    status, headers, page = await post(community, b"", method="GET", accept="text/html,*/*;q=0.8")
    assert status == 200
    assert headers["content-type"].startswith("text/html")
    assert "Mycelium GraphiQL" in page
    assert "content-security-policy" in headers


async def test_a_body_that_is_too_large_is_not_read(community: Community) -> None:
    status, _, body = await post(community, b'{"query": "' + b" " * 1_100_000 + b'{ viewer { kind } }"}')
    assert (status, body["code"]) == (413, "too_large")


async def test_an_error_of_a_credential_has_its_status_where_that_is_asked_for(community: Community) -> None:
    for accept, expected in ((JSON, 200), (GRAPHQL, 401)):
        status, headers, body = await post(community, accept=accept, authorization="Bearer nonsense")
        assert (status, code_of(body)) == (expected, "NOT_SIGNED_IN")
        assert headers["www-authenticate"] == "Bearer"
        assert "data" not in body


async def test_a_request_that_cannot_be_served_has_its_status_where_that_is_asked_for(community: Community) -> None:
    for accept, expected in ((JSON, 200), (GRAPHQL, 400)):
        status, _, body = await post(community, accept=accept, idempotency_key="two words")
        assert (status, code_of(body)) == (expected, "BAD_REQUEST")


async def test_the_request_id_is_the_callers_where_it_gives_one(community: Community) -> None:
    mine = "req_01m7zyjhd6e459gpb5561x2rdb"
    _, headers, body = await post(community, b"{", x_request_id=mine)
    assert headers["x-request-id"] == body["errors"][0]["extensions"]["requestId"] == mine
    _, headers, _ = await post(community, x_request_id="<script>")
    assert headers["x-request-id"].startswith("req_")


async def test_pages_of_the_listed_origins_may_call(community: Community) -> None:
    asked = {"access_control_request_method": "POST", "access_control_request_headers": "authorization,content-type"}
    status, headers, _ = await post(community, b"", method="OPTIONS", origin="https://north.example.org", **asked)
    assert status == 200
    assert headers["access-control-allow-origin"] == "https://north.example.org"
    assert "Idempotency-Key" in headers["access-control-allow-headers"]
    assert "X-Api-Key" not in headers["access-control-allow-headers"]
    status, headers, _ = await post(community, b"", method="OPTIONS", origin="https://elsewhere.example.org", **asked)
    assert status == 400
    assert "access-control-allow-origin" not in headers
    with_key = {**asked, "access_control_request_headers": "x-api-key,content-type"}
    status, _, _ = await post(community, b"", method="OPTIONS", origin="https://north.example.org", **with_key)
    assert status == 400
    _, headers, _ = await post(community, origin="https://north.example.org")
    assert headers["access-control-allow-origin"] == "https://north.example.org"
    assert "access-control-allow-credentials" not in headers


async def test_a_page_of_a_listed_origin_may_read_why_it_was_refused(community: Community) -> None:
    large = b'{"query": "' + b" " * 1_100_000 + b'{ viewer { kind } }"}'
    status, headers, _ = await post(community, large, origin="https://north.example.org")
    assert (status, headers["access-control-allow-origin"]) == (413, "https://north.example.org")


async def test_introspection_is_open_to_tools(community: Community) -> None:
    from graphql import build_client_schema, get_introspection_query

    sent = json.dumps({"query": get_introspection_query(directive_is_repeatable=True, input_value_deprecation=True)})
    _, _, body = await post(community, sent.encode())
    assert "errors" not in body
    assert build_client_schema(body["data"]).get_type("Event") is not None
