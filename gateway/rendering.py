"""Renders Markdown in worker processes, with a deadline for each text, and keeps the results.

A text that is not rendered in time is shown as it was written, in paragraphs. Rendering never blocks the event loop,
and a request with slow texts uses up only its own budget of time.
"""

import asyncio
import contextlib
import hashlib
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict

from gateway.markdown import HEAD, plain_html, to_html
from shared.logging import log

WORKERS = 2
DEADLINE = 1.0
PATIENCE = 2.0
"""Seconds: the longest wait of a text for a worker, and the time for rendering all texts of one request."""
START_SECONDS = 15.0
MOST_KEPT = 1_000
MOST_KEPT_SIZE = 8_000_000


class Budget:
    """The workers' time that is left to one request. Its texts are rendered one after the other."""

    def __init__(self, seconds: float = PATIENCE) -> None:
        self.left = seconds
        self.turn = asyncio.Lock()


class Renderer:
    """The workers, which are started at the first need, and their latest results."""

    def __init__(self, *, deadline: float = DEADLINE) -> None:
        self._deadline = deadline
        self._places = asyncio.Semaphore(WORKERS)
        self._idle: list[Process] = []
        self._kept: OrderedDict[bytes, str] = OrderedDict()
        self._kept_size = 0

    async def html(self, text: str, budget: Budget) -> str:
        """The text as safe HTML. It does not raise, even if the workers fail."""
        key = hashlib.blake2b(text.encode(errors="replace"), digest_size=16).digest()
        async with budget.turn:
            if (known := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return known
            if budget.left <= 0:
                return plain_html(text)
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._places.acquire()
            except TimeoutError:
                return plain_html(text)
            started = time.monotonic()
            try:
                made = await self._render(text)
            finally:
                self._places.release()
                budget.left -= time.monotonic() - started
            if made is None:
                return plain_html(text)
            self._keep(key, made)
            return made

    async def close(self) -> None:
        """End the workers."""
        idle, self._idle = self._idle, []
        for worker in idle:
            await _end(worker)

    async def _render(self, text: str) -> str | None:
        """The text rendered by a worker; as it was written if that takes too long; None without a worker."""
        worker: Process | None = None
        made: str | None = None
        try:
            worker = self._idle.pop() if self._idle else await _start()
            async with asyncio.timeout(self._deadline):
                made = await _ask(worker, text)
        except TimeoutError:
            log.warning("text_not_rendered", characters=len(text), started=worker is not None)
            made = plain_html(text) if worker is not None else None
        except (OSError, EOFError) as error:
            log.warning("renderer_failed", error=type(error).__name__)
        except BaseException:
            if worker is not None:
                worker.kill()
            raise
        else:
            self._idle.append(worker)
            return made
        if worker is not None:
            await _end(worker)
        return made

    def _keep(self, key: bytes, made: str) -> None:
        if key not in self._kept:
            self._kept[key] = made
            self._kept_size += len(made)
        while len(self._kept) > MOST_KEPT or self._kept_size > MOST_KEPT_SIZE:
            _, dropped = self._kept.popitem(last=False)
            self._kept_size -= len(dropped)


async def _start() -> Process:
    """A new worker, when it is ready. Raises `TimeoutError` and `OSError`."""
    worker = await asyncio.create_subprocess_exec(sys.executable, "-m", to_html.__module__, stdin=PIPE, stdout=PIPE)
    try:
        async with asyncio.timeout(START_SECONDS):
            await _answer(worker)
    except BaseException:
        await _end(worker)
        raise
    return worker


async def _ask(worker: Process, text: str) -> str:
    assert worker.stdin is not None
    content = text.encode(errors="replace")
    worker.stdin.write(HEAD.pack(len(content)) + content)
    await worker.stdin.drain()
    return (await _answer(worker)).decode()


async def _answer(worker: Process) -> bytes:
    assert worker.stdout is not None
    (size,) = HEAD.unpack(await worker.stdout.readexactly(HEAD.size))
    return await worker.stdout.readexactly(size)


async def _end(worker: Process) -> None:
    """Kill a worker and wait until it is gone."""
    with contextlib.suppress(ProcessLookupError):
        worker.kill()
    if worker.stdin is not None:
        worker.stdin.close()
    await worker.wait()
