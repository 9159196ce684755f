"""Making, reading and changing endpoints."""

from typing import Any

import pytest

from shared.auth import PERSON_SCOPES, Principal
from shared.ids import new_id
from tests.support.notify import Notify, a_hub_key, an_operator

URL = "http://127.0.0.1:9/hook"


async def counted(notify: Notify) -> dict[str, int]:
    names = ("endpoints", "deliveries", "outbox")
    return {name: await notify.service.database[name].count_documents({}) for name in names}


async def test_an_endpoint_is_made_with_a_secret_that_is_shown_once(notify: Notify) -> None:
    hub = await notify.a_hub()
    client = notify.by(a_hub_key(hub))

    answer = await client.post(
        "/endpoints", {"hub_id": hub, "url": f"  {URL} ", "topics": ["events.*", "events.*"], "description": "Site"}
    )

    assert answer.status == 201
    assert answer.body["secret"].startswith("whsec_")
    endpoint = answer.body["endpoint"]
    assert {name: endpoint[name] for name in ("hub_id", "url", "description", "topics", "status", "version")} == {
        "hub_id": hub,
        "url": URL,
        "description": "Site",
        "topics": ["events.*"],
        "status": "enabled",
        "version": 1,
    }
    listed = await client.get("/endpoints", params={"hub": hub})
    assert listed.body["nodes"] == [endpoint]
    assert (await client.post("/endpoints/by-ids", {"ids": [endpoint["id"], "nonsense"]})).body == [endpoint]


async def test_endpoints_are_narrowed_by_status(notify: Notify) -> None:
    hub = await notify.a_hub()
    client = notify.by(a_hub_key(hub))
    made = [(await notify.an_endpoint(hub, URL))["endpoint"]["id"] for _ in range(3)]
    assert (await client.patch(f"/endpoints/{made[1]}", {"status": "paused"})).status == 200
    for asked, found in (
        ([], made),
        (["paused"], made[1:2]),
        (["enabled"], [made[0], made[2]]),
        (["enabled", "paused"], made),
        (["disabled"], []),
    ):
        listed = (await client.get("/endpoints", params={"hub": hub, "status": asked, "first": 3})).body["nodes"]
        assert [endpoint["id"] for endpoint in listed] == found, asked


async def test_a_secret_lies_sealed_in_the_database(notify: Notify) -> None:
    hub = await notify.a_hub()
    made = await notify.an_endpoint(hub, URL)
    stored = await notify.service.database["endpoints"].find_one({"_id": made["endpoint"]["id"]})
    assert made["secret"].removeprefix("whsec_") not in repr(stored)
    assert made["secret"].encode() not in b"".join(secret["sealed"] for secret in stored["secrets"])


async def test_a_steward_may_make_one_and_an_operator_anywhere(notify: Notify) -> None:
    hub = await notify.a_hub()
    steward = Principal(
        kind="person",
        id=new_id("per"),
        scopes=PERSON_SCOPES | {"hub:admin", "webhooks:manage"},
        hubs=frozenset({hub}),
        steward_of=frozenset({hub}),
    )
    for principal in (steward, an_operator()):
        assert (await notify.by(principal).post("/endpoints", {"hub_id": hub, "url": URL})).status == 201


async def test_an_operator_cannot_make_one_for_a_hub_that_is_not(notify: Notify) -> None:
    answer = await notify.by(an_operator()).post("/endpoints", {"hub_id": new_id("hub"), "url": URL})
    assert answer.problem() == (404, "not_found", ["hub_id"])


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"topics": ["events.*", "events.nonsense"]}, "topic_unknown", ["topics", 1]),
        ({"topics": ["event.*"]}, "topic_unknown", ["topics", 0]),
        ({"topics": ["*"]}, "topic_unknown", ["topics", 0]),
        ({"topics": ["membership.sign_in_requested"]}, "topic_unknown", ["topics", 0]),
        ({"topics": "events.*"}, "not_a_list", ["topics"]),
        ({"topics": [1]}, "not_text", ["topics", 0]),
        ({"url": "https://user:pass@example.org/"}, "webhook_address_refused", ["url"]),
        ({"url": "ftp://example.org/"}, "webhook_address_refused", ["url"]),
        ({"url": "http://169.254.169.254/latest/meta-data"}, "webhook_address_refused", ["url"]),
        ({"url": "http://does-not-exist.invalid/"}, "webhook_host_unknown", ["url"]),
        ({"url": ""}, "too_short", ["url"]),
        ({"url": "https://example.org/" + "a" * 2000}, "too_long", ["url"]),
        ({"url": None}, "required", ["url"]),
        ({"description": "a" * 501}, "too_long", ["description"]),
        ({"description": "a\0b"}, "control_characters", ["description"]),
        ({"hub_id": "evt_nonsense"}, "bad_id", ["hub_id"]),
        ({"colour": "blue"}, "unknown_field", ["colour"]),
    ],
)
async def test_what_cannot_be_used_is_named_and_nothing_is_kept(
    notify: Notify, fields: dict[str, Any], code: str, path: list[Any]
) -> None:
    hub = await notify.a_hub()
    made = await notify.an_endpoint(hub, URL)
    client = notify.by(a_hub_key(hub))
    before = await counted(notify)

    answer = await client.post("/endpoints", {"hub_id": hub, "url": URL, **fields})

    assert answer.problem() == (422, code, path)
    if "hub_id" not in fields:
        answer = await client.patch(f"/endpoints/{made['endpoint']['id']}", fields)
        assert answer.problem() == (422, code, path)
    assert await counted(notify) == before


@pytest.mark.parametrize("raw", [b"{", b"\xff\xfe", b"[]", b'"x"', b'{"hub_id": "\\ud800", "url": "\\ud800"}'])
async def test_a_body_that_cannot_be_read_is_refused(notify: Notify, raw: bytes) -> None:
    answer = await notify.by(an_operator()).post("/endpoints", raw=raw)
    assert answer.status == 422


async def test_who_does_not_look_after_the_hub_sees_nothing(notify: Notify) -> None:
    hub, other = await notify.a_hub(), await notify.a_hub()
    endpoint = (await notify.an_endpoint(hub, URL))["endpoint"]["id"]
    stranger = notify.by(a_hub_key(other))

    for endpoint_id in (endpoint, new_id("whe"), "nonsense"):
        nothing: tuple[int, str, list[str]] = (404, "not_found", [])
        assert (await stranger.patch(f"/endpoints/{endpoint_id}", {"status": "paused"})).problem() == nothing
        assert (await stranger.post(f"/endpoints/{endpoint_id}/rotate-secret")).problem() == nothing
        assert (await stranger.post(f"/endpoints/{endpoint_id}/ping")).problem() == nothing
    assert (await stranger.post("/endpoints", {"hub_id": hub, "url": URL})).problem() == (404, "not_found", ["hub_id"])
    assert (await stranger.post("/endpoints/by-ids", {"ids": [endpoint]})).body == []
    assert (await stranger.get("/endpoints", params={"hub": hub})).body["nodes"] == []
    assert (await stranger.get("/endpoints")).body["nodes"] == []


ROUTES = [
    ("POST", "/endpoints"),
    ("GET", "/endpoints"),
    ("POST", "/endpoints/by-ids"),
    ("PATCH", "/endpoints/whe_x"),
    ("DELETE", "/endpoints/whe_x"),
    ("POST", "/endpoints/whe_x/rotate-secret"),
    ("POST", "/endpoints/whe_x/ping"),
    ("GET", "/deliveries"),
    ("POST", "/deliveries/by-ids"),
    ("POST", "/deliveries/dlv_x/replay"),
    ("GET", "/messages"),
    ("POST", "/messages/by-ids"),
    ("GET", "/topics"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_every_door_needs_the_scope(notify: Notify, method: str, path: str) -> None:
    bodies: dict[str, Any] = {
        "/endpoints": {"hub_id": new_id("hub"), "url": URL},
        "by-ids": {"ids": []},
        "/endpoints/whe_x": {"status": "paused"},
    }
    body: Any = None
    if method not in {"GET", "DELETE"}:
        body = next((each for name, each in bodies.items() if path.endswith(name)), {})
    without = a_hub_key(new_id("hub"), scopes=frozenset({"hub:admin", "events:write"}))
    assert (await notify.by(None).call(method, path, body)).problem()[:2] == (401, "not_signed_in")
    assert (await notify.by(without).call(method, path, body)).problem()[:2] == (403, "scope_missing")


async def test_a_change_touches_only_what_is_given(notify: Notify) -> None:
    hub = await notify.a_hub()
    made = (await notify.an_endpoint(hub, URL, topics=["events.*"], description="Site"))["endpoint"]
    client = notify.by(a_hub_key(hub))

    answer = await client.patch(f"/endpoints/{made['id']}", {"url": URL + "2", "version": 1})

    assert answer.body == {**made, "url": URL + "2", "version": 2}
    answer = await client.patch(f"/endpoints/{made['id']}", {"topics": [], "description": None})
    assert answer.body == {**made, "url": URL + "2", "topics": [], "description": None, "version": 3}
    late = await client.patch(f"/endpoints/{made['id']}", {"url": URL, "version": 1})
    assert late.problem() == (409, "changed_meanwhile", ["version"])


async def test_a_repeat_with_the_same_key_makes_one_endpoint_and_shows_its_secret_again(notify: Notify) -> None:
    hub = await notify.a_hub()
    client, headers = notify.by(a_hub_key(hub)), {"idempotency-key": new_id("req")}
    body = {"hub_id": hub, "url": URL}

    first = await client.post("/endpoints", body, headers=headers)
    again = await client.post("/endpoints", body, headers=headers)

    assert first.status == again.status == 201
    assert first.body == again.body
    assert len((await client.get("/endpoints")).body["nodes"]) == 1


async def test_endpoints_are_paged_oldest_first(notify: Notify) -> None:
    hub = await notify.a_hub()
    ids = [(await notify.an_endpoint(hub, f"{URL}/{n}"))["endpoint"]["id"] for n in range(3)]
    client = notify.by(a_hub_key(hub))

    first = await client.get("/endpoints", params={"first": 2})
    rest = await client.get("/endpoints", params={"first": 2, "after": first.body["cursors"][-1]})

    assert [node["id"] for node in first.body["nodes"] + rest.body["nodes"]] == ids
    assert (first.body["has_next"], rest.body["has_next"]) == (True, False)
    for bad in ({"first": 0}, {"first": 101}):
        assert (await client.get("/endpoints", params=bad)).problem() == (422, "bad_page_size", ["first"])
    assert (await client.get("/endpoints", params={"after": "x"})).problem() == (422, "bad_cursor", ["after"])
    too_many = await client.post("/endpoints/by-ids", {"ids": ["x"] * 501})
    assert too_many.problem() == (422, "too_long", ["ids"])


async def test_an_old_secret_makes_and_changes_no_endpoint_that_would_outlive_it(notify: Notify) -> None:
    hub = await notify.a_hub()
    endpoint = (await notify.an_endpoint(hub, URL))["endpoint"]["id"]
    old = notify.by(a_hub_key(hub).model_copy(update={"superseded": True}))
    before = await counted(notify)
    for answer in (
        await old.post("/endpoints", {"hub_id": hub, "url": URL, "topics": ["events.*"]}),
        await old.patch(f"/endpoints/{endpoint}", {"url": f"{URL}2"}),
        await old.post(f"/endpoints/{endpoint}/rotate-secret", {}),
    ):
        assert answer.problem()[:2] == (403, "key_rotated"), answer.body
    assert await counted(notify) == before
