"""Callers who do not go on: half a head, half a body, an answer that is not taken. On a server of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from gateway import connections as tested
from gateway.connections import Connection, connections
from tests.support.server import Served
from tests.support.waiting import eventually

HEAD = b"POST /read HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n"


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answers at once, `/read` when the body is there, `/large` with more than any buffer holds."""
    if scope["type"] != "http":
        return
    body = b"ok"
    if scope["path"] == "/read":
        while (message := await receive()).get("more_body"):
            pass
        if message["type"] == "http.disconnect":
            return
    if scope["path"] == "/large":
        body = b"x" * 30_000_000
    head = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def served(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    """A server with deadlines of fractions of a second."""
    monkeypatch.setattr(tested, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(tested, "REQUEST_SECONDS", 0.4)
    monkeypatch.setattr(tested, "ANSWER_SECONDS", 0.4)
    monkeypatch.setattr(tested, "_BY_LOOP", {})
    server = Served("patient", application_with_lifespan, http=Connection)
    await server.start()
    yield server
    await server.stop()


async def application_with_lifespan(scope: Any, receive: Any, send: Any) -> None:
    """The application, which has nothing to start or to end."""
    if scope["type"] == "lifespan":
        for done in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{done}.complete"})
        return
    await application(scope, receive, send)


@asynccontextmanager
async def connected(served: Served, sent: bytes = b"") -> AsyncIterator[tuple[asyncio.StreamReader, Any]]:
    """A connection over which something was sent."""
    address = urlsplit(served.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        writer.write(sent)
        await writer.drain()
        yield reader, writer
    finally:
        writer.close()


async def ending(reader: asyncio.StreamReader) -> bytes:
    """All that still comes until the server hangs up."""
    try:
        return await asyncio.wait_for(reader.read(), 20)
    except ConnectionResetError:
        return b""


async def test_who_sends_nothing_is_hung_up_on(served: Served) -> None:
    async with connected(served) as (reader, _):
        assert await ending(reader) == b""


async def test_half_a_head_is_given_up(served: Served) -> None:
    async with connected(served, HEAD[:30]) as (reader, _):
        assert (await ending(reader)).startswith(b"HTTP/1.1 408 ")


async def test_a_head_that_comes_byte_by_byte_is_given_up(served: Served) -> None:
    async with connected(served) as (reader, writer):
        reading = asyncio.create_task(ending(reader))

        async def another_byte() -> bool:
            writer.write(b"a")
            return reading.done()

        await eventually(another_byte)
        assert (await reading).startswith(b"HTTP/1.1 4")


async def test_half_a_body_is_given_up(served: Served) -> None:
    async with connected(served, HEAD + b"half") as (reader, _):
        assert await ending(reader) == b""


async def test_a_body_nobody_wants_is_not_waited_for_either(served: Served) -> None:
    async with connected(served, HEAD.replace(b"/read", b"/else")) as (reader, writer):
        assert (await reader.readexactly(15)) == b"HTTP/1.1 200 OK"
        reading = asyncio.create_task(ending(reader))

        async def another_byte() -> bool:
            writer.write(b"a")
            return reading.done()

        await eventually(another_byte)


async def test_the_next_request_of_a_connection_has_its_time_too(served: Served) -> None:
    whole = HEAD + b"x" * 100
    async with connected(served, whole) as (reader, writer):
        assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200 ")
        writer.write(whole)
        assert (await reader.readuntil(b"ok")).endswith(b"ok")
        writer.write(HEAD[:20])
        assert (await ending(reader)).startswith(b"HTTP/1.1 408 ")


async def test_an_endless_head_is_refused(served: Served) -> None:
    async with connected(served, b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 20_000) as (reader, _):
        assert (await ending(reader)).startswith(b"HTTP/1.1 431 ")


async def test_an_answer_that_is_not_taken_is_given_up(served: Served) -> None:
    async with connected(served, b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n") as (reader, _):
        await eventually(lambda: connections().answers.longest() is not None)
        await eventually(lambda: connections().answers.longest() is None)
        assert len(await ending(reader)) < 30_000_000


async def test_when_there_are_too_many_the_one_that_waited_longest_goes(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tested, "HEAD_SECONDS", 60)
    connections().most = 3
    async with connected(served, HEAD[:30]) as (first, _), connected(served, HEAD[:30]) as (second, _):
        await eventually(lambda: connections().heads.longest() is not None)
        async with connected(served, HEAD[:30]), aiohttp.ClientSession() as http:
            async with http.get(served.url) as answer:
                assert answer.status == 200
            assert await ending(first) == b""
            assert not second.at_eof()


async def test_bodies_that_are_not_there_whole_hold_so_many_bytes_at_most(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tested, "REQUEST_SECONDS", 60)
    monkeypatch.setattr(tested, "MOST_HELD", 150)
    async with connected(served, HEAD + b"x" * 90) as (first, _):
        await eventually(lambda: connections().held == 90)
        async with connected(served, HEAD + b"x" * 90) as (second, writer):
            assert await ending(first) == b""
            assert connections().held == 90
            writer.write(b"x" * 10)
            assert (await second.readuntil(b"ok")).startswith(b"HTTP/1.1 200 ")
            assert connections().held == 0
