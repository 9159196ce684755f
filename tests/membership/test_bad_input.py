"""Whatever is sent: a clear problem that names the field, nothing stored, nothing told, never a 500."""

import base64
from typing import Any

import pytest

from shared.ids import new_id
from shared.mongo import Database
from shared.paging import encode_cursor
from tests.support.cells import cells
from tests.support.membership import GATEWAY, NOTIFY, a_group, a_hub, a_person, acting, an_operator
from tests.support.serving import Client

SURROGATE = '{"%s": "\\ud800"}'
HUB = {"slug": "fine", "name": "Fine", "kind": "regional"}
PERSON = {"name": "Fine", "email": "fine@example.org"}
COLLECTIONS = ("hubs", "groups", "people", "organisations", "memberships", "api_keys", "outbox")

BODIES: list[tuple[str, dict[str, Any], list[Any]]] = [
    ("/hubs", {**HUB, "slug": "Not A Slug"}, ["slug"]),
    ("/hubs", {**HUB, "slug": "-"}, ["slug"]),
    ("/hubs", {**HUB, "slug": "x" * 65}, ["slug"]),
    ("/hubs", {**HUB, "slug": "fi\nne"}, ["slug"]),
    ("/hubs", {**HUB, "name": "   "}, ["name"]),
    ("/hubs", {**HUB, "name": "x" * 201}, ["name"]),
    ("/hubs", {**HUB, "name": "a\x00b"}, ["name"]),
    ("/hubs", {**HUB, "name": "\u200b\u2060"}, ["name"]),
    ("/hubs", {**HUB, "name": "two\u2028lines"}, ["name"]),
    ("/hubs", {**HUB, "summary": "a\x1b[31mb"}, ["summary"]),
    ("/hubs", {**HUB, "name": 7}, ["name"]),
    ("/hubs", {**HUB, "name": None}, ["name"]),
    ("/hubs", {**HUB, "name": {"$gt": ""}}, ["name"]),
    ("/hubs", {**HUB, "kind": "galactic"}, ["kind"]),
    ("/hubs", {**HUB, "summary": "x" * 4001}, ["summary"]),
    ("/hubs", {**HUB, "surprise": 1}, ["surprise"]),
    ("/hubs", {**HUB, "parent_id": "hub_short"}, ["parent_id"]),
    ("/hubs", {**HUB, "parent_id": new_id("grp")}, ["parent_id"]),
    ("/hubs", {**HUB, "parent_id": new_id("hub")}, ["parent_id"]),
    ("/hubs", {**HUB, "place": {"name": "X", "latitude": 91, "longitude": 0}}, ["place", "latitude"]),
    ("/hubs", {**HUB, "place": {"name": "X", "latitude": 0, "longitude": 1e400}}, []),
    ("/hubs", {**HUB, "place": {"name": "X", "latitude": True, "longitude": 0}}, ["place", "latitude"]),
    ("/hubs", {**HUB, "place": {"name": "X", "latitude": 0, "longitude": "-1.6"}}, ["place", "longitude"]),
    ("/hubs", {**HUB, "place": {"name": "X", "latitude": 0}}, ["place"]),
    ("/hubs", {**HUB, "place": {"name": "", "latitude": 0, "longitude": 0}}, ["place", "name"]),
    ("/hubs", {**HUB, "place": {"name": "X", "altitude": 3}}, ["place", "altitude"]),
    ("/hubs", {"slug": "fine", "kind": "regional"}, ["name"]),
    ("/groups", {**HUB, "hub_id": new_id("hub")}, ["domain"]),
    ("/people", {**PERSON, "email": "nobody"}, ["email"]),
    ("/people", {**PERSON, "email": "a@b@example.org"}, ["email"]),
    ("/people", {**PERSON, "email": "Ann <ann@example.org>"}, ["email"]),
    ("/people", {**PERSON, "email": "ann@example.org\r\nBcc: all@example.org"}, ["email"]),
    ("/people", {**PERSON, "email": "zoë@example.org"}, ["email"]),
    ("/people", {**PERSON, "email": "x" * 400 + "@example.org"}, ["email"]),
    ("/people", {**PERSON, "email": ["a@example.org"]}, ["email"]),
    ("/people", {**PERSON, "languages": ["English"]}, ["languages", 0]),
    ("/people", {**PERSON, "themes": ["trust", "gossip"]}, ["themes", 1]),
    ("/people", {**PERSON, "themes": "trust"}, ["themes"]),
    ("/people", {**PERSON, "offers": ["x"] * 21}, ["offers"]),
    ("/people", {**PERSON, "hub_id": new_id("hub")}, ["hub_id"]),
    ("/people", {**PERSON, "contacts": []}, ["contacts"]),
    ("/people", {**PERSON, "address": "other@example.org"}, ["address"]),
    ("/organisations", {"name": "X", "kind": "charity"}, ["kind"]),
    ("/organisations", {"name": "X", "kind": "researcher", "website": "ftp://x.org"}, ["website"]),
    ("/organisations", {"name": "X", "kind": "researcher", "website": "https://me:pw@x.org"}, ["website"]),
    ("/organisations", {"name": "X", "kind": "researcher", "website": "x.org"}, ["website"]),
    ("/api-keys", {"name": "X", "scopes": []}, ["scopes"]),
    ("/api-keys", {"name": "X", "scopes": ["root"]}, ["scopes", 0]),
    ("/api-keys", {"name": "X", "scopes": "directory:read"}, ["scopes"]),
    ("/api-keys", {"name": "X", "scopes": ["directory:read"], "hub_id": new_id("hub")}, ["hub_id"]),
    ("/sign-in/codes", {"email": ""}, ["email"]),
    ("/sign-in/codes", {"email": "nobody"}, ["email"]),
    ("/sign-in/codes", {}, ["email"]),
    ("/sign-in/sessions", {"email": "a@example.org", "code": 12345678}, ["code"]),
    ("/sign-in/sessions", {"email": "a@example.org", "code": "x" * 65}, ["code"]),
    ("/sign-in/refresh", {"refresh_token": None}, ["refresh_token"]),
    ("/hubs/by-ids", {"ids": ["x"] * 501}, ["ids"]),
    ("/hubs/by-ids", {"ids": [1]}, ["ids", 0]),
    ("/hubs/by-ids", {"ids": {"$ne": None}}, ["ids"]),
]


async def counts(database: Database) -> dict[str, int]:
    """How much is stored and told."""
    return {name: await database[name].count_documents({}) for name in COLLECTIONS}


@cells(("path", "body", "field"), BODIES)
async def test_a_field_that_does_not_fit_is_named(
    membership: Client, database: Database, path: str, body: dict[str, Any], field: list[Any]
) -> None:
    before = await counts(database)
    answer = await membership.acting_as(an_operator()).post(path, body)
    assert answer.status in {404, 422}, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.body["problems"][0]
    assert problem["path"] == field or not field
    assert problem["message"].endswith(".") or problem["message"].endswith("?")
    assert await counts(database) == before


WEB = (
    "https://una:secret@example.org/",
    "https://example.org@evil.example/",
    "javascript://example.org/%0aalert(1)",
    "data:text/html,<script>",
    "https://",
    "https://localhost/",
    "https://exa mple.org/",
    "https://example.org\\@evil.example/",
    "https://[::1",
    "https://example.org:99999/",
    "https://example.org:/",
    "https://-example.org/",
    "https://example.org/\u202egro.live",
    "//example.org/",
    "ftp://example.org/",
)

CHANGES: list[tuple[dict[str, Any], list[Any]]] = [
    ({"name": ""}, ["name"]),
    ({"name": None}, ["name"]),
    ({"email": "new@example.org"}, ["email"]),
    ({"version": "seven"}, ["version"]),
    ({"hub_ids": []}, ["hub_ids"]),
    ({"contacts": [{"kind": "email", "value": "nobody"}]}, ["contacts", 0, "value"]),
    ({"contacts": [{"kind": "pigeon", "value": "x"}]}, ["contacts", 0, "kind"]),
    ({"contacts": [{"kind": "phone", "value": "01632 960001", "audience": "everybody"}]}, ["contacts", 0, "audience"]),
    *(
        ({"contacts": [{"kind": kind, "value": value}]}, ["contacts", 0, "value"])
        for kind, values in {
            "website": (*WEB, "example.org", "@una@example.org"),
            "linkedin": (*WEB, "una-dodds", "javascript:alert(1)//linkedin.com/in/una"),
            "mastodon": (*WEB, "una@example.org", "@una", "@una@", "@una@localhost", "@u na@example.org", "@a@b@c.org"),
            "other": ("javascript:alert(1)", "JavaScript : alert(1)", "data:text/html,x", "ftp://example.org", WEB[0]),
            "phone": (
                *("javascript:alert(1)", "tel:+441632960001", "abc", "1234", "+1 (2) - 3.4", "1" * 16, "01632+960001"),
                *("call 01632 960001", "\u0661\u0662\u0663\u0664\u0665\u0666"),
            ),
        }.items()
        for value in values
    ),
    ({"contacts": [{"kind": "phone", "value": "01632 960001"}] * 21}, ["contacts"]),
    ({"contacts": None}, ["contacts"]),
    ({"affiliations": [{"organisation_id": "org_x"}]}, ["affiliations", 0, "organisation_id"]),
    ({"affiliations": [{"organisation_id": new_id("org"), "since": 5}]}, ["affiliations", 0, "since"]),
    (
        {"affiliations": [{"organisation_id": new_id("org"), "since": "2026-03-05", "until": "2026-03-04"}]},
        ["affiliations", 0, "until"],
    ),
    *(
        ({"affiliations": [{"organisation_id": new_id("org"), "since": day}]}, ["affiliations", 0, "since"])
        for day in ("2026-13-01", "1700000000", "2026-03-05T00:00:00", "2026-03-05T00:00:00Z", "20260305", "2026-W10-4")
    ),
    (
        {"affiliations": [{"organisation_id": new_id("org"), "provenance": "partner"}]},
        ["affiliations", 0, "provenance"],
    ),
]


@cells(("change", "field"), CHANGES)
async def test_a_change_that_does_not_fit_changes_nothing(
    membership: Client, database: Database, change: dict[str, Any], field: list[Any]
) -> None:
    person = await a_person(database)
    caller = membership.acting_as(await acting(database, person))
    answer = await caller.patch(f"/people/{person.id}", {"bio": "new", **change})
    assert (answer.status, answer.body["problems"][0]["path"]) == (422, field)
    stored = await database["people"].find_one({"_id": person.id})
    assert (stored["version"], stored["bio"]) == (1, None)


RAW = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"\xff\xfe",
    b'{"slug": "\xc3\x28"}',
    (SURROGATE % "name").encode(),
    b'{"\\ud800": 1}',
    b'{"name": NaN}',
    b'{"slug": ' + b"9" * 5000 + b"}",
    b'{"place": {"name": "x", "latitude": 1e999, "longitude": 0}}',
    b"[" * 100_000,
    b'{"a":' * 50_000,
]


@cells("raw", RAW)
@pytest.mark.parametrize("path", ["/hubs", "/people", "/sign-in/codes", "/hubs/by-ids"])
async def test_a_body_that_is_not_ours_is_a_problem(
    membership: Client, database: Database, path: str, raw: bytes
) -> None:
    before = await counts(database)
    answer = await membership.acting_as(an_operator()).post(path, raw=raw)
    assert answer.status in {400, 422}, answer.body
    assert answer.body["problems"]
    assert await counts(database) == before


async def test_a_body_that_is_too_large_is_refused(membership: Client) -> None:
    answer = await membership.post("/sign-in/codes", raw=b'{"email": "' + b"x" * 1_100_000 + b'"}')
    assert answer.problem()[:2] == (413, "too_large")


@pytest.mark.parametrize("path", ["/hubs", "/groups", "/people", "/organisations", "/memberships", "/api-keys"])
async def test_pages_refuse_bad_sizes_and_cursors(membership: Client, path: str) -> None:
    operator = membership.acting_as(an_operator())
    for first in ("0", "-1", "101", "99999999999999999999999", "many", "1.5"):
        answer = await operator.get(path, params={"first": first})
        assert (answer.status, answer.body["problems"][0]["path"]) == (422, ["first"])
    scope = {
        "/hubs": "hubs:None",
        "/groups": "groups:None:None",
        "/people": "people:None:None:None:None:None",
        "/organisations": "organisations:None:None",
        "/memberships": "memberships:None:None:None",
        "/api-keys": "api-keys:None",
    }[path]
    made_up = [
        encode_cursor(scope, [2**64 - 1]),
        encode_cursor(scope, [2**64 - 1, 2**64 - 1]),
        encode_cursor(scope, [None, "x"]),
        encode_cursor(scope, ["a", "b", "c"]),
        encode_cursor(scope, [["a"], {"t": "2026-01-01"}]),
    ]
    for after in ("", "nonsense", "é", "====", "\x00", "e30", "x" * 5000, *made_up):
        answer = await operator.get(path, params={"after": after})
        assert (answer.status, answer.body["problems"][0]["path"]) == (422, ["after"]), after


@pytest.mark.parametrize("bad", ["x", "hub_", "%00", "%ff", "hub_00000000000000000000000000", "%F0%9F%8D%84"])
async def test_foreign_and_malformed_ids_are_not_there(membership: Client, database: Database, bad: str) -> None:
    group = await a_group(database, await a_hub(database))
    operator = membership.acting_as(an_operator())
    person = membership.acting_as(await acting(database, await a_person(database)))
    assert (await operator.get(f"/hubs/{bad}/below")).status == 404
    assert (await operator.get(f"/hubs/by-slug/{bad}")).status == 404
    assert (await operator.get(f"/groups/by-slug/{bad}")).status == 404
    assert (await person.post(f"/groups/{bad}/members", {})).status == 404
    assert (await operator.delete(f"/groups/{group.id}/members/{bad}")).status == 404
    assert (await operator.patch(f"/people/{bad}", {"name": "X"})).status == 404
    assert (await operator.post(f"/api-keys/{bad}/revoke")).status == 404
    assert (await membership.acting_as(NOTIFY).post(f"/sign-in/requests/{bad}/mail")).status == 404
    for path in ("/groups", "/people", "/memberships"):
        answer = await operator.get(f"{path}?hub={bad}&group={bad}&person={bad}")
        assert (answer.status, answer.body["nodes"]) == (200, [])


@pytest.mark.parametrize("overlap", [-1, 604_801, 2**70, "3600", 1.5, True, None])
async def test_an_overlap_is_whole_seconds_up_to_a_week(membership: Client, overlap: Any) -> None:
    path = f"/api-keys/{new_id('key')}/rotate"
    answer = await membership.acting_as(an_operator()).post(path, {"overlap_seconds": overlap})
    assert answer.status == 422
    assert answer.body["problems"][0]["path"] in (["overlap_seconds"], [])


async def test_a_credential_is_text_of_a_sensible_length(membership: Client) -> None:
    gateway = membership.acting_as(GATEWAY)
    for bad in (None, 1, ["x"]):
        answer = await gateway.post("/principals", {"credential": bad})
        assert answer.problem()[::2] == (422, ["credential"])


def _token(header: str) -> str:
    return f"{base64.urlsafe_b64encode(header.encode()).decode().rstrip('=')}.e30.AAAA"


NO_CREDENTIALS = [
    *("", " ", "x" * 4097, "x" * 8193, "..", "a.b.c.d", "\x00.\x00.\x00", "é.b.c", "myc_live_" + "0" * 8000),
    *(_token(head) for head in ("[]", "1", "null", "{}", '{"alg":[]}', '{"alg":"none"}', "[" * 5000, '{"a":' * 1000)),
]


@cells("credential", NO_CREDENTIALS)
async def test_what_is_no_credential_is_nobodys(membership: Client, credential: str) -> None:
    answer = await membership.acting_as(GATEWAY).post("/principals", {"credential": credential})
    assert answer.status == 401, answer.body


async def test_roles_are_words_of_the_list(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    operator = membership.acting_as(an_operator())
    for roles, field in ((["boss"], ["roles", 0]), ("member", ["roles"]), (["member"] * 9, ["roles"])):
        body = {"person_id": new_id("per"), "roles": roles}
        answer = await operator.post(f"/hubs/{hub.id}/members", body)
        assert (answer.status, answer.body["problems"][0]["path"]) == (422, field)
