"""Serves an ASGI application on a loopback port, in the test's event loop."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
import uvicorn

from tests.support.waiting import eventually


class _QuietServer(uvicorn.Server):
    """uvicorn without its signal handlers: pytest handles Ctrl-C."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Served:
    """One application on one port. `start` returns after its startup, `stop` after its shutdown.

    `port` 0: a free one; `url` is set after the start.
    """

    def __init__(self, name: str, app: Any, port: int = 0, http: Any = "httptools") -> None:
        self.name = name
        self.app = app
        self.url = ""
        config = uvicorn.Config(
            app, http=http, lifespan="on", log_config=None, access_log=False, timeout_graceful_shutdown=5
        )
        self._server = _QuietServer(config)
        self._port = port
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start serving. Raises RuntimeError when the application's startup fails."""
        # With the protocol TCP named, asyncio disables Nagle's algorithm; otherwise every answer waits 40 ms.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        listener.listen(512)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._task = asyncio.create_task(self._serve(listener), name=f"serve {self.name}")
        while not self._server.started:
            if self._task.done():
                listener.close()
                await self._task
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Finish the current requests, then shut the application down."""
        if self._task is not None:
            self._server.should_exit = True
            task, self._task = self._task, None
            await task

    async def _serve(self, listener: socket.socket) -> None:
        try:
            await self._server.serve(sockets=[listener])
        except SystemExit as end:  # raised out of a task, it would end the whole test run
            raise RuntimeError(f"{self.name} did not start") from end


async def wait_ready(http: aiohttp.ClientSession, url: str, path: str = "/readyz") -> None:
    """Wait until the application at this URL is ready."""

    async def ready() -> None:
        async with http.get(url + path) as response:
            assert response.status == 200, await response.text()

    await eventually(ready, within=30)
