"""Bad input: a clear problem naming the field, nothing kept, nothing told, never a 500."""

import json
from typing import Any

import pytest

from shared.ids import new_id
from shared.paging import encode_cursor
from tests.support.cells import cells
from tests.support.learning import Learning, a_person, an_entry

HUB, OTHER_HUB, GROUP, TRUST = new_id("hub"), new_id("hub"), new_id("grp"), new_id("org")
AUTHOR = a_person(groups={GROUP: HUB}, organisations=(TRUST,))

# what is sent beside a good entry, the code of the first problem (None: any), and the path it names
SHARES: dict[str, tuple[dict[str, Any], str | None, list[Any]]] = {
    "no title": ({"title": ""}, "too_short", ["title"]),
    "blank title": ({"title": " \n\t "}, "too_short", ["title"]),
    "long title": ({"title": "x" * 201}, "too_long", ["title"]),
    "long body": ({"body": "x" * 20_001}, "too_long", ["body"]),
    "title is a number": ({"title": 7}, "not_text", ["title"]),
    "title is null": ({"title": None}, "required", ["title"]),
    "body is a list": ({"body": ["b"]}, "not_text", ["body"]),
    "NUL in title": ({"title": "a\0b"}, "control_characters", ["title"]),
    "line break in title": ({"title": "a\nb"}, "control_characters", ["title"]),
    "title nobody can see": ({"title": "\u200b\u2060 \ufeff"}, "blank", ["title"]),
    "body nobody can see": ({"body": "\u200d\n\u202e\u00ad"}, "blank", ["body"]),
    "place nobody can see": ({"context": {"place": {"name": "\u200b"}}}, "blank", ["context", "place", "name"]),
    "escape of C1 in title": ({"title": "a\x9b31mb"}, "control_characters", ["title"]),
    "escape in body": ({"body": "a\x1b[31mb"}, "control_characters", ["body"]),
    "unknown kind": ({"kind": "boast"}, "not_a_choice", ["kind"]),
    "unknown audience": ({"audience": "world"}, "not_a_choice", ["audience"]),
    "unknown attribution": ({"attribution": "pseudonym"}, "not_a_choice", ["attribution"]),
    "unknown theme": ({"themes": ["money"]}, "not_a_choice", ["themes", 0]),
    "too many themes": ({"themes": ["trust"] * 17}, "too_long", ["themes"]),
    "themes is a word": ({"themes": "trust"}, "not_a_list", ["themes"]),
    "unknown field": ({"author_id": AUTHOR.id}, "unknown_field", ["author_id"]),
    "unknown field inside": ({"context": {"mood": "x"}}, "unknown_field", ["context", "mood"]),
    "context is a list": ({"context": []}, None, ["context"]),
    "place without a name": ({"context": {"place": {}}}, "required", ["context", "place", "name"]),
    "latitude beyond the pole": (
        {"context": {"place": {"name": "x", "latitude": 91}}},
        "too_large_number",
        ["context", "place", "latitude"],
    ),
    "latitude without longitude": (
        {"context": {"place": {"name": "x", "latitude": 54.5}}},
        "invalid_value",
        ["context", "place"],
    ),
    "longitude without latitude": (
        {"context": {"place": {"name": "x", "latitude": None, "longitude": -1.5}}},
        "invalid_value",
        ["context", "place"],
    ),
    "latitude is a word": (
        {"context": {"place": {"name": "x", "latitude": "54"}}},
        "not_a_number",
        ["context", "place", "latitude"],
    ),
    "longitude is huge": (
        {"context": {"place": {"name": "x", "longitude": 1e308}}},
        "too_large_number",
        ["context", "place", "longitude"],
    ),
    "group is not an id": ({"group_id": "x"}, "bad_id", ["group_id"]),
    "hub's id as group": ({"audience": "group", "group_id": HUB}, "bad_id", ["group_id"]),
    "somebody else's group": ({"audience": "group", "group_id": new_id("grp")}, "group_not_yours", ["group_id"]),
    "foreign group, wide audience": ({"group_id": new_id("grp")}, "group_not_yours", ["group_id"]),
    "group audience, no group": ({"audience": "group"}, "group_not_yours", ["group_id"]),
    "somebody else's hub": ({"audience": "hub", "hub_id": OTHER_HUB}, "hub_not_yours", ["hub_id"]),
    "foreign hub, wide audience": ({"hub_id": OTHER_HUB}, "hub_not_yours", ["hub_id"]),
    "hub audience, no hub": ({"audience": "hub"}, "hub_not_yours", ["hub_id"]),
    "hub is not the group's": ({"group_id": GROUP, "hub_id": OTHER_HUB}, "hub_not_yours", ["hub_id"]),
    "event is not an id": ({"event_id": "../etc/passwd"}, "bad_id", ["event_id"]),
    "organisation missing": ({"attribution": "organisation"}, "organisation_not_yours", ["organisation_id"]),
    "somebody else's organisation": (
        {"attribution": "organisation", "organisation_id": new_id("org")},
        "organisation_not_yours",
        ["organisation_id"],
    ),
    "anonymous with organisation": (
        {"attribution": "anonymous", "organisation_id": TRUST},
        "anonymous_names_no_organisation",
        ["organisation_id"],
    ),
}
ONLY_PATCH: dict[str, tuple[dict[str, Any], str | None, list[Any]]] = {
    "version is a word": ({"version": "1"}, "not_a_whole_number", ["version"]),
    "version is yes": ({"version": True}, "not_a_whole_number", ["version"]),
    "version is huge": ({"version": 2**60}, "too_large_number", ["version"]),
    "kind is null": ({"kind": None}, "required", ["kind"]),
    "context is null": ({"context": None}, None, ["context"]),
}


@cells(("fields", "code", "path"), SHARES.values(), ids=SHARES)
async def test_a_bad_entry_is_not_shared(
    learning: Learning, fields: dict[str, Any], code: str | None, path: list[Any]
) -> None:
    before = await learning.counts()
    answer = await learning.by(AUTHOR).post("/entries", an_entry(**fields))
    status, found, where = answer.problem()
    assert (status, where) == (422, path)
    assert code in (None, found)
    assert await learning.counts() == before


PATCHES = {**SHARES, **ONLY_PATCH}


@cells(("fields", "code", "path"), PATCHES.values(), ids=PATCHES)
async def test_a_bad_revision_changes_nothing(
    learning: Learning, fields: dict[str, Any], code: str | None, path: list[Any]
) -> None:
    entry = await learning.share(AUTHOR)
    before = await learning.counts()
    answer = await learning.by(AUTHOR).patch(f"/entries/{entry['id']}", fields)
    status, found, where = answer.problem()
    assert (status, where) == (422, path)
    assert code in (None, found)
    assert await learning.counts() == before
    assert (await learning.by(AUTHOR).get(f"/entries/{entry['id']}")).body == entry


RAW = {
    "empty": b"",
    "not JSON": b"{",
    "a list": b"[]",
    "a word": b'"story"',
    "null": b"null",
    "invalid UTF-8": json.dumps(an_entry()).encode().replace(b"survey", b"\xff\xfe"),
    "lone surrogate": json.dumps(an_entry(title="X")).encode().replace(b'"X"', b'"\\ud800"'),
    "lone surrogate as a field": json.dumps(an_entry(X=1)).encode().replace(b'"X"', b'"\\udfff"'),
    "not a number": json.dumps(an_entry(context={"place": {"name": "x", "latitude": float("nan")}})).encode(),
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("key", [None, "raw"], ids=["plain", "with-key"])
@cells("raw", RAW.values(), ids=RAW)
async def test_what_is_not_an_entry_at_all_is_refused(learning: Learning, raw: bytes, key: str | None) -> None:
    before = await learning.counts()
    headers = {"idempotency-key": key} if key else {}
    answer = await learning.by(AUTHOR).post("/entries", raw=raw, headers=headers)
    assert answer.status == 422
    assert answer.body["problems"]
    assert await learning.counts() == before


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ({"first": 0}, ["first"]),
        ({"first": 101}, ["first"]),
        ({"first": "many"}, ["first"]),
        ({"first": 10**30}, ["first"]),
        ({"after": ""}, ["after"]),
        ({"after": "nonsense"}, ["after"]),
        ({"after": "é"}, ["after"]),
        ({"after": encode_cursor("entries:other", ["x"])}, ["after"]),
        ({"hub": "x"}, ["hub", 0]),
        ({"group": HUB}, ["group", 0]),
        ({"event": [new_id("evt"), GROUP]}, ["event", 1]),
        ({"event": [new_id("evt")] * 101}, ["event"]),
        ({"group": [new_id("grp")] * 101}, ["group"]),
        ({"kind": ["story", "boast"]}, ["kind", 1]),
        ({"kind": ["story"] * 101}, ["kind"]),
        ({"theme": "money"}, ["theme", 0]),
        ({"theme": ""}, ["theme", 0]),
    ],
    ids=lambda value: "" if isinstance(value, list) else "-".join(value),
)
async def test_a_bad_question_is_told_what_is_wrong(
    learning: Learning, params: dict[str, Any], path: list[Any]
) -> None:
    answer = await learning.by(AUTHOR).get("/entries", params=params)
    status, _, where = answer.problem()
    assert (status, where) == (422, path)


ENTRIES = "entries:{}:[('shared_at', -1), ('_id', -1)]"  # the list that a cursor of it names
FORGED = [
    [],
    ["x"],
    ["x", "y"],
    [1, 2],
    [None, None],
    [[], {}],
    [{"t": "2026-01-01T00:00:00+00:00"}],
    [{"t": "2026-01-01T00:00:00+00:00"}, 10**19],
    [{"t": "2026-01-01T00:00:00+00:00"}, {"$gt": ""}],
    [{"t": "2026-01-01T00:00:00+00:00"}, "x", "y"],
    [{"t": 5}, "x"],
    [{"t": "yesterday"}, "x"],
    [{"$where": "1"}, "x"],
]


@pytest.mark.parametrize("key", FORGED, ids=str)
async def test_a_forged_cursor_is_an_error(learning: Learning, key: list[Any]) -> None:
    entry = await learning.share(AUTHOR)
    for path, scope in (
        ("/entries", ENTRIES),
        (f"/entries/{entry['id']}/revisions", f"revisions:{{'entry_id': '{entry['id']}'}}:[('number', -1)]"),
        ("/invitations", "invitations:{}:[('opened_at', -1), ('_id', -1)]"),
    ):
        answer = await learning.by(AUTHOR).get(path, params={"after": encode_cursor(scope, key)})
        assert answer.problem() == (422, "bad_cursor", ["after"])


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00"])
async def test_a_cursor_at_an_impossible_time_is_no_surprise(learning: Learning, moment: str) -> None:
    cursor = encode_cursor(ENTRIES, [{"t": moment}, "ent_x"])
    answer = await learning.by(AUTHOR).get("/entries", params={"after": cursor})
    assert answer.problem() == (422, "bad_cursor", ["after"])


async def test_unknown_and_malformed_ids_are_left_out_of_a_batch(learning: Learning) -> None:
    entry = await learning.share(AUTHOR)
    ids = [entry["id"], entry["id"], new_id("ent"), new_id("hub"), "", "ent_", "x" * 10_000, "\0"]
    answer = await learning.by(AUTHOR).post("/entries/by-ids", {"ids": ids})
    assert [one["id"] for one in answer.body] == [entry["id"]]


async def test_a_batch_has_a_limit(learning: Learning) -> None:
    answer = await learning.by(AUTHOR).post("/entries/by-ids", {"ids": [new_id("ent")] * 501})
    assert answer.problem() == (422, "too_long", ["ids"])


async def test_a_body_too_large_is_refused(learning: Learning) -> None:
    answer = await learning.by(AUTHOR).post("/entries", an_entry(body="x" * 1_100_000))
    assert (answer.status, answer.body["code"]) == (413, "too_large")
