"""A real HTTP receiver for webhooks, which records all it is sent and answers as a test tells it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from aiohttp import web


@dataclass(frozen=True)
class Reply:
    """How to answer one request: after `stall` seconds; `reset` cuts the connection instead."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    stall: float = 0.0
    reset: bool = False


@dataclass(frozen=True)
class Received:
    """One request as it came in. `headers` has lower-case names; `at` is aware UTC."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime

    def json(self) -> Any:
        """The body, parsed."""
        return orjson.loads(self.body)


class Receiver:
    """Answers every request with `usually`, except those for which a reply was queued with `then`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.received: list[Received] = []
        self.usually = Reply()
        self._next: deque[Reply] = deque()
        self._closing = asyncio.Event()

    def then(self, *replies: Reply) -> None:
        """Queue replies: the next requests get them, in order, one each."""
        self._next.extend(replies)

    def forget(self) -> None:
        """Drop what was recorded and the queued replies, and answer as at first."""
        self.received.clear()
        self._next.clear()
        self.usually = Reply()

    def close(self) -> None:
        """Answer at once whoever is being made to wait, so that shutting down need not wait for a stall."""
        self._closing.set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The only route: record, then answer as scripted."""
        received = Received(
            method=request.method,
            path=request.path,
            query=request.query_string,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.read(),
            at=datetime.now(UTC),
        )
        # The reply is settled together with the record, so that order stays true under parallel requests.
        reply = self._next.popleft() if self._next else self.usually
        self.received.append(received)
        if reply.stall:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), reply.stall)
        if reply.reset and request.transport is not None:
            request.transport.abort()
        return web.Response(status=reply.status, headers=dict(reply.headers), body=reply.body)


@asynccontextmanager
async def a_receiver() -> AsyncIterator[Receiver]:
    """A receiver listening on a free loopback port for as long as the block runs."""
    application = web.Application(client_max_size=16 * 1024 * 1024)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    receiver = Receiver("")
    application.router.add_route("*", "/{path:.*}", receiver.handle)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        receiver.url = f"http://{host}:{port}"
        yield receiver
    finally:
        receiver.close()
        await runner.cleanup()
