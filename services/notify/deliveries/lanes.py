"""Bounds what is under way, so that a slow or dead receiver never delays another.

Each endpoint has a lane of its own: some at once, the rest queues behind. A lane begins narrow, widens with each prompt
answer and is narrow again after a slow one. All lanes share the places of those that answer promptly; whoever keeps a
place for a second gives it back, and a lane whose last answer took that long takes none of them, but one of the
laggards' places.
"""

import asyncio
from collections import deque
from datetime import timedelta

from services.notify.deliveries.model import Job

NARROW, WIDE = 4, 16
AT_ONCE_FOR_PROMPT = 64
AT_ONCE_FOR_LAGGARDS = 256
PROMPT = timedelta(seconds=1)
HELD_FOR_ONE = 2000
HELD_AT_LEAST = 2 * WIDE
HELD_IN_ALL = 10_000


class Lane:
    """What is to be sent to one endpoint: `width` at once. `lags`: its last answer took long.

    It holds as many deliveries as it can begin in time: `capacity` falls when some had to wait for too long, and rises
    again when it runs dry.
    """

    def __init__(self, endpoint_id: str) -> None:
        self.endpoint_id = endpoint_id
        self.lags = False
        self.width = NARROW
        self.overflowed = False
        self.capacity = HELD_FOR_ONE
        self.jobs: deque[Job] = deque()
        self.workers = 0

    @property
    def held(self) -> int:
        """How many deliveries it has in hand."""
        return len(self.jobs) + self.workers

    def has_answered(self, within: timedelta) -> None:
        """An attempt took so long."""
        self.lags = within > PROMPT
        self.width = NARROW if self.lags else min(WIDE, self.width + 1)

    def could_not_keep_up(self) -> None:
        """A delivery waited for too long here: hold fewer."""
        self.capacity = max(HELD_AT_LEAST, self.capacity // 2)

    def ran_dry(self) -> None:
        """There is nothing left to send: it may hold more."""
        self.capacity = min(HELD_FOR_ONE, self.capacity * 2)


class Places:
    """How many attempts may be under way in all."""

    def __init__(self, prompt: int = AT_ONCE_FOR_PROMPT, laggards: int = AT_ONCE_FOR_LAGGARDS) -> None:
        self.prompt = asyncio.Semaphore(prompt)
        self.laggards = asyncio.Semaphore(laggards)

    def place(self, *, lags: bool) -> "Place":
        """A place for the length of an `async with`; among the prompt, for a second at most."""
        return Place(self, lags=lags)


class Place:
    """One attempt's place: given back when the attempt ends, or when it has taken too long to be called prompt."""

    __slots__ = ("_lags", "_of", "_timer")

    def __init__(self, of: Places, *, lags: bool) -> None:
        self._of = of
        self._lags = lags
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> None:
        if self._lags:
            await self._of.laggards.acquire()
        else:
            await self._of.prompt.acquire()
            self._timer = asyncio.get_running_loop().call_later(PROMPT.total_seconds(), self._give_back)

    async def __aexit__(self, *_: object) -> None:
        if self._lags:
            self._of.laggards.release()
        elif self._timer is not None:
            self._timer.cancel()
            self._give_back()

    def _give_back(self) -> None:
        if self._timer is not None:
            self._timer = None
            self._of.prompt.release()
