"""What every service gets from the factory: operations, problems, idempotency, on real parts."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Message, Receive, Scope, Send

from shared.app import Caller, Db, create_service
from shared.auth import InternalTokens, Principal
from shared.context import current_cause
from shared.errors import Conflict
from shared.feature import Feature
from shared.metrics import Metrics
from shared.middleware import RequestMiddleware
from shared.mongo import Transaction
from shared.routing import Access, Routes
from shared.settings import Settings, decode_secret
from tests.support.service import COUNTS_RIPPLES, StoneThrown
from tests.support.serving import Client, a_client

ANNE = Principal(kind="person", id="per_00000000000000000000000000", scopes=frozenset({"events:write"}))
BEN = Principal(kind="person", id="per_00000000000000000000000001", scopes=frozenset({"events:write"}))


class Throw(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    number: Annotated[int, Field(ge=0, le=2**53)]
    note: str = ""


def make_app(settings: Settings) -> FastAPI:
    stones = Routes("stones")

    @stones.post("/stones", needs="events:write", status=201)
    async def throw(body: Throw, db: Db, caller: Caller) -> dict[str, Any]:
        async def work(tx: Transaction) -> dict[str, Any]:
            if body.number == 13:
                raise Conflict(code="unlucky", message="Not that one.", path=("number",))
            count = await db["stones"].count_documents({})
            await db["stones"].insert_one({"number": body.number, "note": body.note})
            tx.record(StoneThrown(number=body.number), subject="stone")
            return {"number": body.number, "before": count, "secret": "s3cret"}

        return await db.transaction(work)

    @stones.get("/stones", needs="events:write")
    async def look() -> list[str]:
        return []

    @stones.get("/stones/{stone_id}", needs="events:write")
    async def look_at(stone_id: str) -> str:
        return stone_id

    @stones.post("/stones/by-ids", needs="events:write")
    async def look_at_many() -> list[str]:
        return []

    @stones.get("/surprise", needs=Access.ANYBODY)
    async def surprise() -> None:
        raise RuntimeError("the database password is hunter2")

    feature = Feature(
        "stones", routes=stones, indexes={"stones": [], "ripples": []}, reactions=COUNTS_RIPPLES.reactions
    )
    return create_service("pebbles", settings, [feature])


@pytest.fixture(scope="module")
async def client(settings: Settings) -> AsyncIterator[Client]:
    async with a_client(make_app(settings), "pebbles", settings) as running:
        yield running.acting_as(ANNE)


async def test_readiness_names_what_is_missing(settings: Settings) -> None:
    cut_off = settings.model_copy(update={"amqp_url": "amqp://guest:guest@127.0.0.1:1/"})
    app = create_service("alone", cut_off, [])
    async with a_client(app, "alone", cut_off, ready=None) as client:
        answer = await client.get("/readyz")
        assert answer.status == 503
        assert "rabbitmq" in answer.body["missing"]


async def test_operations_answer(client: Client) -> None:
    assert (await client.get("/livez")).status == 200
    assert (await client.get("/readyz")).body == {"ready": True, "missing": []}
    text = (await client.get("/metrics")).body.decode()
    for name in (
        "outbox_backlog",
        "outbox_age_seconds",
        "inbox_backlog 0.0",
        "dead_messages 0.0",
        "consumed_total",
        "http_request_seconds",
    ):
        assert name in text, name


@pytest.mark.parametrize(
    ("raw", "status", "code", "path"),
    [
        (b'{"number": "one"}', 422, "not_a_whole_number", ["number"]),
        (b'{"number": 1, "colour": "grey"}', 422, "unknown_field", ["colour"]),
        (b"{}", 422, "required", ["number"]),
        (b'{"number": 1', 422, "not_json", []),
        (b'{"number": 1, "note": "\xff"}', 422, "not_json", []),
        (b'{"number": 1, "note": "\\ud800"}', 422, "not_unicode", ["note"]),
        (b'{"number": -1e400}', 422, "too_small", ["number"]),
        (b'{"number": NaN}', 422, "not_json", []),
        (b'{"number": 14, "number": 13}', 409, "unlucky", ["number"]),
        (b'{"number": 99999999999999999999999999}', 422, "too_large_number", ["number"]),
        (b'{"number": 13}', 409, "unlucky", ["number"]),
    ],
)
async def test_bad_input_is_a_problem_that_names_the_field(
    client: Client, raw: bytes, status: int, code: str, path: list[str]
) -> None:
    answer = await client.post("/stones", raw=raw)
    assert answer.problem() == (status, code, path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/stones", "GET, POST"),
        ("OPTIONS", "/stones", "GET, POST"),
        ("PUT", "/stones/st_1", "GET"),
        ("GET", "/stones/by-ids", "POST"),
        ("POST", "/livez", "GET"),
    ],
)
async def test_a_wrong_method_is_told_all_the_right_ones(client: Client, method: str, path: str, allowed: str) -> None:
    async with client.session.request(method, client.url + path) as answer:
        assert (answer.status, answer.headers["allow"]) == (405, allowed)
        assert (await answer.json(content_type=None))["code"] == "method_not_allowed"


async def test_a_body_over_the_limit_is_refused(client: Client) -> None:
    answer = await client.post("/stones", raw=b'{"note": "' + b"x" * 1_100_000 + b'"}')
    assert answer.problem()[:2] == (413, "too_large")


async def test_a_body_over_the_limit_is_refused_when_it_does_not_say_its_length(client: Client) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    async with client.session.post(client.url + "/stones", data=pieces()) as answer:
        assert answer.status in {401, 413}
    token = InternalTokens(decode_secret(client.settings.secret), "gateway").issue(ANNE, "pebbles")
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    async with client.session.post(client.url + "/stones", data=pieces(), headers=headers) as answer:
        assert (answer.status, (await answer.json())["code"]) == (413, "too_large")


async def test_a_surprise_gives_nothing_of_the_inside_away(client: Client) -> None:
    answer = await client.get("/surprise")
    assert answer.problem()[:2] == (500, "internal")
    assert "hunter2" not in str(answer.body)


async def test_a_token_for_another_service_or_none_opens_nothing(client: Client, settings: Settings) -> None:
    assert (await client.acting_as(None).post("/stones", {"number": 1})).status == 401
    other = InternalTokens(decode_secret(settings.secret), "gateway").issue(ANNE, "events")
    answer = await client.acting_as(None).post("/stones", {"number": 1}, headers={"authorization": f"Bearer {other}"})
    assert answer.status == 401


async def test_a_repeat_with_the_same_key_gets_the_same_answer_and_does_nothing(client: Client) -> None:
    key = {"idempotency-key": "repeat-1"}
    first = await client.post("/stones", {"number": 100}, headers=key)
    again = await client.post("/stones", {"number": 100}, headers=key)
    assert (first.status, first.body) == (201, again.body)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.status == 201


async def test_the_same_key_with_another_body_is_refused(client: Client) -> None:
    key = {"idempotency-key": "reuse-1"}
    await client.post("/stones", {"number": 101}, headers=key)
    answer = await client.post("/stones", {"number": 102}, headers=key)
    assert answer.problem()[:2] == (422, "idempotency_key_reused")


async def test_the_same_key_of_another_caller_is_another_key(client: Client) -> None:
    key = {"idempotency-key": "shared-1"}
    first = await client.post("/stones", {"number": 103}, headers=key)
    other = await client.acting_as(BEN).post("/stones", {"number": 103}, headers=key)
    assert other.body["before"] == first.body["before"] + 1


async def test_ten_at_once_with_one_key_have_one_effect_and_one_answer(client: Client) -> None:
    key = {"idempotency-key": "rush-1"}
    answers = await asyncio.gather(*(client.post("/stones", {"number": 104}, headers=key) for _ in range(10)))
    assert {answer.status for answer in answers} == {201}
    assert len({str(answer.body) for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 9


async def test_a_refused_request_leaves_its_key_free(client: Client) -> None:
    key = {"idempotency-key": "free-1"}
    assert (await client.post("/stones", {"number": 13}, headers=key)).status == 409
    assert (await client.post("/stones", {"number": 105}, headers=key)).status == 201


async def test_the_stored_reply_is_sealed(client: Client, settings: Settings) -> None:
    from shared.mongo import Mongo

    await client.post("/stones", {"number": 106}, headers={"idempotency-key": "sealed-1"})
    mongo = Mongo(settings.mongo_url)
    rows = await mongo.database(settings.database_name("pebbles"))["idempotency"].find().to_list(None)
    await mongo.close()
    assert rows
    assert all(b"s3cret" not in bytes(row["reply"]) and b"sealed-1" not in bytes(row["_id"]) for row in rows)


@pytest.mark.parametrize("ending", ["\n", " ", "0"])
async def test_a_trace_that_is_more_than_one_is_made_anew(ending: str) -> None:
    given = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    taken: list[str] = []

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        taken.append(current_cause().traceparent)

    around = RequestMiddleware(inside, Metrics(), "pebbles", body_limit=1)
    for trace in (given, given + ending):
        headers = [(b"traceparent", trace.encode())]
        scope: Scope = {"type": "http", "method": "GET", "path": "/livez", "headers": headers}
        await around(scope, _nothing, _nowhere)
    assert taken[0] == given
    assert taken[1] not in (given, given + ending)


async def _nothing() -> Message:
    return {"type": "http.request"}


async def _nowhere(message: Message) -> None:
    pass
