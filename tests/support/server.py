"""Serving an ASGI application on a loopback port, inside the test's own event loop."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
import uvicorn

from tests.support.waiting import eventually


class _QuietServer(uvicorn.Server):
    """uvicorn without its signal handlers: Ctrl-C belongs to pytest."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Served:
    """One application on one port. `start` returns when its start-up has run, `stop` when its shutdown has.

    `port` 0: a free one; `url` is known once it has started.
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
        """Serve. Raises RuntimeError when the application's start-up fails."""
        # Named as TCP, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms for an acknowledgement.
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
        """Finish the requests under way, then the application's own shutdown."""
        if self._task is not None:
            self._server.should_exit = True
            task, self._task = self._task, None
            await task

    async def _serve(self, listener: socket.socket) -> None:
        try:
            await self._server.serve(sockets=[listener])
        except SystemExit as end:  # which, let out of a task, would end the whole test run
            raise RuntimeError(f"{self.name} did not start") from end


async def wait_ready(http: aiohttp.ClientSession, url: str, path: str = "/readyz") -> None:
    """Wait until the application there says that it is ready."""

    async def ready() -> None:
        async with http.get(url + path) as response:
            assert response.status == 200, await response.text()

    await eventually(ready, within=30)
