"""A real HTTP receiver for webhooks: it records all requests and answers as a test defines."""

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
    """The answer to one request: after `stall` seconds; with `reset`, the connection is cut instead."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    stall: float = 0.0
    reset: bool = False


@dataclass(frozen=True)
class Received:
    """One received request. `headers` has lower-case names; `at` is aware, in UTC."""

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
    """Answers every request with `usually`, unless a reply was queued with `then`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.received: list[Received] = []
        self.usually = Reply()
        self._next: deque[Reply] = deque()
        self._closing = asyncio.Event()

    def then(self, *replies: Reply) -> None:
        """Queue replies for the next requests, in order."""
        self._next.extend(replies)

    def forget(self) -> None:
        """Delete recorded requests and queued replies, and reset `usually`."""
        self.received.clear()
        self._next.clear()
        self.usually = Reply()

    def close(self) -> None:
        """Answer all stalled requests at once, so that shutdown need not wait for them."""
        self._closing.set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The only route: record the request, then answer it."""
        received = Received(
            method=request.method,
            path=request.path,
            query=request.query_string,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.read(),
            at=datetime.now(UTC),
        )
        # The reply is chosen together with the record, so that the order is right for concurrent requests.
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
    """Run a receiver on a free loopback port while the block runs."""
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
