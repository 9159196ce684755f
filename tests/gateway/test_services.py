"""The clients of the services, on a real HTTP server that answers as it is told."""

import time
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

import aiohttp
import orjson
import pytest

from gateway.errors import ServiceFailed, ServiceUnavailable
from gateway.services import Caller, Service
from shared.auth import InternalTokens, Principal
from shared.errors import Conflict, Invalid, NotFound, TooMany
from tests.support.receiver import Receiver, Reply

LONGEST_ANSWER = 10
TOKENS = InternalTokens(b"x" * 32, "gateway")
KEY = Principal(kind="client", id="key_1", scopes=frozenset({"events:read"}))


@pytest.fixture
async def service(receiver: Receiver) -> AsyncIterator[Service]:
    """A client for the server."""
    async with aiohttp.ClientSession() as session:
        yield Service("events", receiver.url, session)


def a_problem(status: int, *problems: tuple[str, list[str | int]], **headers: str) -> Reply:
    """A problem document."""
    listed = [{"code": code, "message": "Say so.", "path": path} for code, path in problems]
    body = {"code": problems[0][0] if problems else "broken", "title": "Broken", "problems": listed}
    return Reply(status, headers, orjson.dumps(body))


async def test_a_service_is_told_who_asks_and_in_which_request(service: Service, receiver: Receiver) -> None:
    receiver.then(Reply(200, body=b'{"nodes": []}'))
    await service.page(Caller(KEY, TOKENS), "events", [("hub", "hub_1"), ("hub", "hub 2&3"), ("from", "a+b")])
    (asked,) = receiver.received
    assert TOKENS.verify(asked.headers["authorization"].removeprefix("Bearer "), "events") == KEY
    assert asked.headers["x-request-id"].startswith("req_")
    assert asked.headers["traceparent"].startswith("00-")
    assert "idempotency-key" not in asked.headers
    assert (asked.method, asked.path) == ("GET", "/events")
    assert parse_qsl(asked.query) == [("hub", "hub_1"), ("hub", "hub 2&3"), ("from", "a+b")]


def test_a_request_that_takes_long_goes_on_being_known(monkeypatch: pytest.MonkeyPatch) -> None:
    caller, began = Caller(KEY, TOKENS), time.time()
    for passed in range(0, 300, 5):
        monkeypatch.setattr("time.time", lambda now=began + passed: now)
        token = caller.headers("events")["authorization"].removeprefix("Bearer ")
        monkeypatch.setattr("time.time", lambda now=began + passed + LONGEST_ANSWER: now)
        assert TOKENS.verify(token, "events") == KEY, passed


async def test_nobody_is_told_of_by_sending_no_token(service: Service, receiver: Receiver) -> None:
    receiver.then(Reply(200, body=b"{}"))
    await service.get(Caller(Principal(kind="anonymous", id="anonymous"), TOKENS), "/events")
    assert "authorization" not in receiver.received[0].headers


async def test_a_refusal_is_raised_as_what_it_is(service: Service, receiver: Receiver) -> None:
    caller = Caller(KEY, TOKENS)
    receiver.then(a_problem(422, ("too_long", ["title"]), ("bad_date", ["starts_at"])))
    with pytest.raises(Invalid) as invalid:
        await service.send(caller, "POST", "/events", {}, None)
    assert [(each.code, each.path) for each in (invalid.value, *invalid.value.others)] == [
        ("too_long", ("title",)),
        ("bad_date", ("starts_at",)),
    ]
    receiver.then(
        a_problem(404), a_problem(409, ("event_full", [])), a_problem(429, ("slow", []), **{"retry-after": "7"})
    )
    with pytest.raises(NotFound) as missing:
        await service.get(caller, "/events/x")
    assert missing.value.code == "broken"
    with pytest.raises(Conflict):
        await service.get(caller, "/events/x")
    with pytest.raises(TooMany) as limited:
        await service.get(caller, "/events/x")
    assert limited.value.retry_after == 7


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_service_that_says_it_cannot_now_is_unavailable(
    service: Service, receiver: Receiver, status: int
) -> None:
    receiver.then(Reply(status, {"retry-after": "2"}, b"<html>"))
    with pytest.raises(ServiceUnavailable) as away:
        await service.get(Caller(KEY, TOKENS), "/events")
    assert (away.value.service, away.value.retry_after) == ("events", 2)


@pytest.mark.parametrize(
    "reply", [Reply(500), Reply(302), Reply(418), Reply(422, body=b"nonsense"), Reply(404, body=b"{}")]
)
async def test_what_nobody_foresaw_is_the_services_failure(service: Service, receiver: Receiver, reply: Reply) -> None:
    receiver.then(reply)
    with pytest.raises(ServiceFailed):
        await service.get(Caller(KEY, TOKENS), "/events")


async def test_a_broken_connection_is_tried_again_only_where_that_is_harmless(
    service: Service, receiver: Receiver
) -> None:
    caller, fine = Caller(KEY, TOKENS), Reply(200, body=b"[]")
    receiver.then(Reply(reset=True), fine)
    assert await service.by_ids(caller, "events", ["evt_1"]) == []
    receiver.then(Reply(reset=True), fine)
    assert await service.send(caller, "POST", "/events", {}, "a-key") == []
    assert [each.headers.get("idempotency-key") for each in receiver.received] == [None, None, "a-key", "a-key"]
    receiver.forget()
    receiver.then(Reply(reset=True), fine)
    with pytest.raises(ServiceUnavailable):
        await service.send(caller, "POST", "/events", {}, None)
    assert len(receiver.received) == 1
    receiver.forget()
    receiver.then(Reply(reset=True), Reply(reset=True))
    with pytest.raises(ServiceUnavailable):
        await service.by_ids(caller, "events", ["evt_1"])


async def test_a_service_that_hangs_is_waited_for_once_a_request(
    service: Service, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.services.TIMEOUT", aiohttp.ClientTimeout(total=0.2))
    receiver.usually = Reply(200, body=b"{}", stall=60)
    caller = Caller(KEY, TOKENS)
    for _ in range(5):
        with pytest.raises(ServiceUnavailable) as away:
            await service.send(caller, "POST", "/events", {}, None)
        assert away.value.service == "events"
    assert len(receiver.received) == 1
    receiver.usually = Reply(200, body=b"{}")
    assert await service.get(Caller(KEY, TOKENS), "/events") == {}
