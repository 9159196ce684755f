"""Bad input: a clear problem naming the field, nothing stored, nothing told, never a 500."""

from typing import Any

import orjson
import pytest

from shared import clock
from shared.ids import new_id
from shared.mongo import Database
from shared.paging import encode_cursor
from tests.support.cells import cells
from tests.support.events import HUB, a_person, a_steward, an_event, event_body, in_days, kept, told
from tests.support.serving import Client

PAST, LATER = clock.iso(in_days(-1)), clock.iso(in_days(8))
PLACE = {"name": "Durham"}

# What is sent in place of a good value, and the path that the problem names.
BAD_VALUES: list[tuple[str, Any, list[Any]]] = [
    ("title", None, ["title"]),
    ("title", "", ["title"]),
    ("title", "   ", ["title"]),
    ("title", "x" * 201, ["title"]),
    ("title", "two\nlines", ["title"]),
    ("title", "a null\x00byte", ["title"]),
    ("title", "\u200b", ["title"]),
    ("title", " \u202e\ufeff ", ["title"]),
    ("title", 7, ["title"]),
    ("title", ["x"], ["title"]),
    ("kind", "party", ["kind"]),
    ("kind", None, ["kind"]),
    ("hub_id", "hub_1", ["hub_id"]),
    ("hub_id", new_id("grp"), ["hub_id"]),
    ("hub_id", HUB.upper(), ["hub_id"]),
    ("hub_id", {"$ne": None}, ["hub_id"]),
    ("group_id", new_id("hub"), ["group_id"]),
    ("group_id", "", ["group_id"]),
    ("starts_at", PAST, ["starts_at"]),
    ("starts_at", LATER, ["ends_at"]),
    ("starts_at", "tomorrow", ["starts_at"]),
    ("starts_at", "2027-03-05T12:30:00", ["starts_at"]),
    ("starts_at", "2027-02-30T12:30:00Z", ["starts_at"]),
    ("starts_at", 1_900_000_000, ["starts_at"]),
    ("starts_at", "9999-12-31T23:59:59-14:00", ["starts_at"]),
    ("starts_at", "0001-01-01T00:00:00+14:00", ["starts_at"]),
    ("starts_at", None, ["starts_at"]),
    ("ends_at", PAST, ["ends_at"]),
    ("ends_at", clock.iso(in_days(90)), ["ends_at"]),
    ("ends_at", "", ["ends_at"]),
    ("time_zone", "Europe/Atlantis", ["time_zone"]),
    ("time_zone", "../../etc/passwd", ["time_zone"]),
    ("time_zone", "", ["time_zone"]),
    ("time_zone", "europe/london", ["time_zone"]),
    ("time_zone", "localtime", ["time_zone"]),
    ("time_zone", "Factory", ["time_zone"]),
    ("time_zone", 0, ["time_zone"]),
    ("summary", "x" * 501, ["summary"]),
    ("description", "x" * 20_001, ["description"]),
    ("summary", "a\0b", ["summary"]),
    ("description", "a\x07b", ["description"]),
    ("description", 3.5, ["description"]),
    ("place", "Durham", ["place"]),
    ("place", {"name": "\u2060"}, ["place", "name"]),
    ("place", {}, ["place", "name"]),
    ("place", {**PLACE, "latitude": 91, "longitude": 0}, ["place", "latitude"]),
    ("place", {**PLACE, "latitude": 0, "longitude": -181}, ["place", "longitude"]),
    ("place", {**PLACE, "latitude": 54.7}, ["place"]),
    ("place", {**PLACE, "altitude": 3}, ["place", "altitude"]),
    ("online_url", "javascript:alert(1)", ["online_url"]),
    ("online_url", "//meet.example.org", ["online_url"]),
    ("online_url", "https://", ["online_url"]),
    ("online_url", "https://user:secret@meet.example.org", ["online_url"]),
    ("online_url", "https://meet.example.org/a b", ["online_url"]),
    ("online_url", "https://[::1", ["online_url"]),
    ("online_url", "https://meet.example.org:99999/", ["online_url"]),
    ("online_url", "https://meet.example.org/" + "x" * 2_000, ["online_url"]),
    ("access_information", "x" * 2_001, ["access_information"]),
    ("access_information", "a\x1b[31m", ["access_information"]),
    ("capacity", 0, ["capacity"]),
    ("capacity", -1, ["capacity"]),
    ("capacity", 100_001, ["capacity"]),
    ("capacity", 10**30, ["capacity"]),
    ("capacity", 2.5, ["capacity"]),
    ("capacity", "20", ["capacity"]),
    ("capacity", True, ["capacity"]),
    ("visibility", "secret", ["visibility"]),
    ("visibility", "group", ["visibility"]),
    ("themes", "trust", ["themes"]),
    ("themes", ["league_tables"], ["themes", 0]),
    ("themes", ["trust"] * 17, ["themes"]),
    ("languages", ["English"], ["languages", 0]),
    ("languages", ["en", "e"], ["languages", 1]),
    ("organiser_ids", [new_id("per"), new_id("key")], ["organiser_ids", 1]),
    ("organiser_ids", [new_id("per") for _ in range(51)], ["organiser_ids"]),
    ("confirmed_count", 3, ["confirmed_count"]),
    ("status", "published", ["status"]),
    ("id", new_id("evt"), ["id"]),
    ("_id", new_id("evt"), ["_id"]),
    ("unheard_of", 1, ["unheard_of"]),
]
# Fields that may be left out when making an event may be empty when making one, and may not when changing one.
ONLY_IN_EDITS: list[tuple[str, Any, list[Any]]] = [
    ("visibility", None, ["visibility"]),
    ("themes", None, ["themes"]),
    ("languages", None, ["languages"]),
    ("organiser_ids", None, ["organiser_ids"]),
    ("version", 0, ["version"]),
    ("version", "1", ["version"]),
]


@cells(("field", "value", "path"), BAD_VALUES)
async def test_a_new_event_with_a_bad_field_is_refused(
    events: Client, database: Database, field: str, value: Any, path: list[Any]
) -> None:
    rows, kept_events = await counted(database)
    answer = await events.acting_as(a_steward()).post("/events", event_body(**{field: value}))
    assert answer.status == 422, answer.body
    assert answer.body["problems"][0]["path"] == path
    assert answer.body["problems"][0]["message"].endswith(".")
    assert await counted(database) == (rows, kept_events)


@cells(("field", "value", "path"), BAD_VALUES + ONLY_IN_EDITS)
async def test_an_edit_with_a_bad_field_is_refused(
    events: Client, database: Database, field: str, value: Any, path: list[Any]
) -> None:
    event = await an_event(events)
    before = await kept(database, event["id"])
    answer = await events.acting_as(a_steward()).patch(f"/events/{event['id']}", {"summary": "Good", field: value})
    assert answer.status == 422, answer.body
    assert answer.body["problems"][0]["path"] == path
    assert await kept(database, event["id"]) == before
    assert len(await told(database, event["id"])) == 2


@pytest.mark.parametrize("field", ["title", "kind", "hub_id", "starts_at", "ends_at", "time_zone"])
async def test_a_new_event_needs_these(events: Client, field: str) -> None:
    body = event_body()
    del body[field]
    answer = await events.acting_as(a_steward()).post("/events", body)
    assert answer.problem() == (422, "required", [field])


RAW = {
    "not JSON": b"{",
    "nothing": b"",
    "a list": b"[]",
    "a number": b"7",
    "invalid UTF-8": b'{"title": "\xff\xfe"}',
    "a lone surrogate": b'{"title": "\\ud800"}',
    "a lone surrogate in a name": b'{"\\udfff": 1}',
    "a lone surrogate deep inside": b'{"place": {"name": "\\ud83d"}}',
    "NaN": b'{"capacity": NaN}',
    "infinity": b'{"place": {"name": "x", "latitude": Infinity, "longitude": 1e999}}',
    "a number of ten thousand digits": b'{"capacity": ' + b"9" * 10_000 + b"}",
    "nesting without end": b'{"place": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
}


@pytest.mark.parametrize("name", RAW)
async def test_a_body_that_cannot_be_read_is_refused(events: Client, database: Database, name: str) -> None:
    event = await an_event(events)
    before = await counted(database)
    steward = events.acting_as(a_steward())
    for method, path in (
        ("POST", "/events"),
        ("PATCH", f"/events/{event['id']}"),
        ("POST", "/events/by-ids"),
    ):
        answer = await steward.call(method, path, raw=RAW[name])
        assert 400 <= answer.status < 500, (path, answer.status, answer.body)
        assert answer.headers["content-type"].startswith("application/problem+json")
    for path in ("cancel", "registrations"):
        if name != "nothing":  # these two take a body and need none
            answer = await steward.call("POST", f"/events/{event['id']}/{path}", raw=RAW[name])
            assert 400 <= answer.status < 500, (path, answer.status, answer.body)
    assert await counted(database) == before


async def test_a_body_that_is_too_large_is_refused(events: Client) -> None:
    body = orjson.dumps(event_body(description="x" * 1_100_000))
    answer = await events.acting_as(a_steward()).call("POST", "/events", raw=body)
    assert answer.status == 413


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ({"first": 0}, ["first"]),
        ({"first": 101}, ["first"]),
        ({"first": "many"}, ["first"]),
        ({"after": "nonsense"}, ["after"]),
        ({"after": "é"}, ["after"]),
        ({"after": "W10"}, ["after"]),
        ({"hub": "hub_1"}, ["hub", 0]),
        ({"hub": ["", HUB]}, ["hub", 0]),
        ({"group": "$gt"}, ["group"]),
        ({"theme": "league_tables"}, ["theme", 0]),
        ({"status": "secret"}, ["status", 0]),
        ({"from": "yesterday"}, ["from"]),
        ({"from": "2027-01-01"}, ["from"]),
        ({"to": "9999-12-31T23:59:59-14:00"}, ["to"]),
        ({"from": clock.iso(in_days(2)), "to": clock.iso(in_days(1))}, ["to"]),
    ],
)
async def test_a_list_asked_for_badly_is_refused(events: Client, params: dict[str, Any], path: list[Any]) -> None:
    answer = await events.acting_as(a_person()).get("/events", params=params)
    assert answer.status == 422, answer.body
    assert answer.body["problems"][0]["path"] == path


@pytest.mark.parametrize("value", [None, True, 1.5, 7, "x", ["x"], {"a\0b": 1}, {"$gt": 1}, 2**64 - 1, [2**64 - 1]])
async def test_a_cursor_made_up_by_hand_is_refused(events: Client, value: Any) -> None:
    event = (await an_event(events))["id"]
    steward = a_steward()
    lists = [
        ("/events", {}, "events:[]", [value, value]),
        ("/registrations", {"event": event}, f"registrations:{{'event_id': '{event}'}}", [value]),
        ("/registrations", {"person": steward.id}, f"registrations:{{'person_id': '{steward.id}'}}", [value]),
    ]
    for path, params, scope, key in lists:
        if (type(value), path, "event" in params) == (int, "/registrations", True) and value < 2**63:
            continue  # a place in the line: the one kind of value that such a cursor has
        if (type(value), "person" in params) == (str, True):
            continue
        answer = await events.acting_as(steward).get(path, params={**params, "after": encode_cursor(scope, key)})
        assert answer.problem() == (422, "bad_cursor", ["after"]), path


@pytest.mark.parametrize("path", ["%FF", "%00", "%ED%A0%80", "a" * 3_000, "evt_", "..", "$where", "%F0%9F%8D%84"])
async def test_an_id_that_is_none_is_not_there(events: Client, path: str) -> None:
    answer = await events.acting_as(a_steward()).get(f"/events/{path}")
    assert answer.status == 404
    answer = await events.acting_as(a_steward()).post(f"/registrations/{path}/cancel", headers={"idempotency-key": "k"})
    assert answer.status == 404


@pytest.mark.parametrize("body", [{"ids": [new_id("evt")] * 501}, {"ids": "evt"}, {"ids": [1]}, {}, {"ids": [None]}])
async def test_a_batch_that_is_none_is_refused(events: Client, body: Any) -> None:
    for path in ("/events/by-ids", "/registrations/by-ids"):
        answer = await events.acting_as(a_person()).post(path, body)
        assert answer.status == 422
        assert answer.body["problems"][0]["path"][0] == "ids"


@pytest.mark.parametrize("name", ["UTC", "Etc/UTC", "Europe/London", "America/Argentina/Ushuaia"])
async def test_time_zones_are_places_and_utc(events: Client, name: str) -> None:
    answer = await events.acting_as(a_steward()).post("/events", event_body(time_zone=name))
    assert (answer.status, answer.body["time_zone"]) == (201, name)


async def test_longer_texts_have_lines_and_what_cannot_be_seen_is_no_text(events: Client) -> None:
    body = event_body(description="Bring:\n\ttea\r\n\tcake", summary=" \u200b\u202e", access_information="\n")
    made = (await events.acting_as(a_steward()).post("/events", body)).body
    assert made["description"] == body["description"]
    assert (made["summary"], made["access_information"]) == (None, None)


async def test_a_reason_has_its_limit(events: Client) -> None:
    event = await an_event(events)
    steward = events.acting_as(a_steward())
    bad = ("x" * 1_001, "not\0today", 1)
    for body, path in (*(({"reason": one}, ["reason"]) for one in bad), ({"why": "x"}, ["why"])):
        answer = await steward.post(f"/events/{event['id']}/cancel", body)
        assert (answer.status, answer.body["problems"][0]["path"]) == (422, path)


async def counted(database: Database) -> tuple[int, int]:
    """How many messages and how many events there are."""
    return await database["outbox"].count_documents({}), await database["events"].count_documents({})
