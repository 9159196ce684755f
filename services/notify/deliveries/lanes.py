"""Bounds what is under way, so that a slow or dead receiver never delays another.

Each endpoint has a lane of its own: so many at once, the rest queues behind. All lanes share the places of those that
answer promptly; whoever keeps a place for a second gives it back, and a lane whose last attempt failed or took long
takes none of them, but one of the laggards' places.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from services.notify.deliveries.model import Job

AT_ONCE_FOR_ONE = 8
AT_ONCE_FOR_PROMPT = 64
AT_ONCE_FOR_LAGGARDS = 256
PROMPT = timedelta(seconds=1)
HELD_FOR_ONE = 500
HELD_IN_ALL = 10_000


class Lane:
    """What is to be sent to one endpoint. `lags`: its last attempt failed or took long."""

    def __init__(self, endpoint_id: str, *, lags: bool = False) -> None:
        self.endpoint_id = endpoint_id
        self.lags = lags
        self.overflowed = False
        self.jobs: deque[Job] = deque()
        self.workers = 0

    @property
    def held(self) -> int:
        """How many deliveries it has in hand."""
        return len(self.jobs) + self.workers


class Places:
    """How many attempts may be under way in all."""

    def __init__(self, prompt: int = AT_ONCE_FOR_PROMPT, laggards: int = AT_ONCE_FOR_LAGGARDS) -> None:
        self._prompt = asyncio.Semaphore(prompt)
        self._laggards = asyncio.Semaphore(laggards)

    @asynccontextmanager
    async def place(self, *, lags: bool) -> AsyncIterator[None]:
        """Hold a place for the length of the block; among the prompt, for a second at most."""
        if lags:
            async with self._laggards:
                yield
            return
        await self._prompt.acquire()
        given_back = False

        def give_back() -> None:
            nonlocal given_back
            if not given_back:
                given_back = True
                self._prompt.release()

        timer = asyncio.get_running_loop().call_later(PROMPT.total_seconds(), give_back)
        try:
            yield
        finally:
            timer.cancel()
            give_back()
