"""Limits the deliveries held and under way: no slow receiver delays another, and no hub delays another hub.

Each endpoint has a lane of its own: some at once, the rest queues behind. A lane begins narrow, widens with each prompt
answer and is narrow again after a slow one. All lanes share the places of those that answer promptly; whoever keeps a
place for a second gives it back and lags: a lane whose last answer took that long takes none of them, but one of the
laggards' places. Places and memory are divided between hubs (`shares.py`).
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterator
from datetime import timedelta

from services.notify.deliveries.model import Job
from services.notify.deliveries.pace import Pace
from services.notify.deliveries.shares import FairPlaces, Shares

NARROW, WIDE = 4, 16
AT_ONCE_FOR_PROMPT = 64
AT_ONCE_FOR_LAGGARDS = 256
PROMPT = timedelta(seconds=1)
HELD_FOR_ONE = 2000
HELD_AT_LEAST = 2 * WIDE
HELD_FOR_LAGGARD = 2 * NARROW
HELD_IN_ALL = 10_000
HELD_FOR_LAGGARDS = 1000
"""In all. More could not be begun within the time a delivery may wait here."""


class Lane:
    """What is to be sent to one endpoint: `width` at once. `lags`: its last answer took long.

    It holds as many deliveries as it can begin in time: `capacity` falls when some had to wait for too long, and rises
    again when it runs dry.
    """

    def __init__(self, endpoint_id: str, hub_id: str) -> None:
        self.endpoint_id = endpoint_id
        self.hub_id = hub_id
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

    @property
    def room(self) -> int:
        """How many more it may hold by its own limit; the hub's limit comes on top."""
        return (min(self.capacity, HELD_FOR_LAGGARD) if self.lags else self.capacity) - self.held

    def has_answered(self, within: timedelta) -> None:
        """Note how long an attempt took."""
        self.lags = within > PROMPT
        self.width = NARROW if self.lags else min(WIDE, self.width + 1)

    def takes_long(self) -> None:
        """Note that an attempt is under way for so long that the lane lags, whatever its result."""
        self.lags = True
        self.width = NARROW

    def could_not_keep_up(self) -> None:
        """A delivery waited for too long here: hold fewer."""
        self.capacity = max(HELD_AT_LEAST, self.capacity // 2)

    def ran_dry(self) -> None:
        """Nothing is left to send: it may hold more."""
        self.capacity = min(HELD_FOR_ONE, self.capacity * 2)


class Lanes:
    """All lanes, and how many deliveries each hub has queued in them. Laggards are counted apart from the others."""

    def __init__(self) -> None:
        self._lanes: dict[str, Lane] = {}
        self.held = {False: Shares(HELD_IN_ALL), True: Shares(HELD_FOR_LAGGARDS)}
        """What each hub holds: `True` for its lanes that lag, `False` for the others."""

    def __iter__(self) -> Iterator[Lane]:
        return iter(self._lanes.values())

    def find(self, endpoint_id: str) -> Lane | None:
        """The endpoint's lane, if there is one."""
        return self._lanes.get(endpoint_id)

    def claim(self) -> "Claim":
        """Ask for room, delivery by delivery, for some that come together."""
        return Claim(self)

    def push(self, job: Job) -> Lane:
        """Queue a job in its lane."""
        lane = self._lanes.get(job.endpoint_id)
        if lane is None:
            lane = self._lanes[job.endpoint_id] = Lane(job.endpoint_id, job.hub_id)
        self.held[lane.lags].take(lane.hub_id)
        lane.jobs.append(job)
        return lane

    def pop(self, lane: Lane) -> Job:
        """Take the next job out of a lane."""
        self.held[lane.lags].give_back(lane.hub_id)
        return lane.jobs.popleft()

    def change(self, lane: Lane, how: Callable[[], None]) -> list[Job]:
        """Call `how`, which may make a lane lag or end that. Gives the jobs that have no room any more."""
        before = lane.lags
        how()
        surplus: list[Job] = []
        if lane.lags != before:
            self.held[before].give_back(lane.hub_id, len(lane.jobs))
            held = self.held[lane.lags]
            fit = min(len(lane.jobs), held.left(lane.hub_id)) if lane.lags else len(lane.jobs)
            while len(lane.jobs) > fit:
                surplus.append(lane.jobs.pop())
            held.take(lane.hub_id, fit)
        return surplus

    def full(self) -> list[str]:
        """The endpoints whose lanes have no room."""
        return [lane.endpoint_id for lane in self if lane.room <= 0 or not self.held[lane.lags].left(lane.hub_id)]

    def full_hubs(self) -> list[str]:
        """The hubs that hold as much as they may; what it has of laggards aside."""
        held = self.held[False]
        return [hub_id for hub_id in held.of if not held.left(hub_id)]


class Claim:
    """Grants room to deliveries that are about to be taken, and remembers what it has granted."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._of_lane: Counter[str] = Counter()
        self._of_hub: Counter[tuple[bool, str]] = Counter()

    def __call__(self, endpoint_id: str, hub_id: str) -> bool:
        """Whether there is room for one more for this endpoint, which is of this hub."""
        lane = self._lanes.find(endpoint_id)
        lags = lane.lags if lane else False
        room = lane.room if lane else HELD_FOR_ONE
        held = self._lanes.held[lags]
        if self._of_lane[endpoint_id] < room and self._of_hub[lags, hub_id] < held.left(hub_id):
            self._of_lane[endpoint_id] += 1
            self._of_hub[lags, hub_id] += 1
            return True
        if lane and self._of_lane[endpoint_id] >= room:
            lane.overflowed = True
        return False


class Places:
    """How many attempts may be under way in all. `lagging` is told of a lane whose attempt takes long."""

    def __init__(
        self,
        prompt: int = AT_ONCE_FOR_PROMPT,
        laggards: int = AT_ONCE_FOR_LAGGARDS,
        lagging: Callable[[Lane], None] = Lane.takes_long,
    ) -> None:
        self.prompt = FairPlaces(prompt)
        self.laggards = FairPlaces(laggards)
        self.lagging = lagging
        self.pace = Pace()

    def place(self, lane: Lane) -> "Place":
        """A place for the length of an `async with`; among the prompt, for a second at most."""
        return Place(self, lane)


class Place:
    """One attempt's place: given back when the attempt ends, or when it has taken too long to be called prompt."""

    __slots__ = ("_lane", "_of", "_pool", "_timer")

    def __init__(self, of: Places, lane: Lane) -> None:
        self._of = of
        self._lane = lane
        self._pool: FairPlaces | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> None:
        hub_id = self._lane.hub_id
        if not self._lane.lags:
            await self._of.prompt.acquire(hub_id)
            try:
                await self._of.pace.turn(hub_id, self._of.prompt.shares.of[hub_id])
            except asyncio.CancelledError:
                self._of.prompt.release(hub_id)
                raise
            if self._is_prompt():  # it may have begun to lag meanwhile
                self._pool = self._of.prompt
                self._timer = asyncio.get_running_loop().call_later(PROMPT.total_seconds(), self._takes_long)
                return
            self._of.prompt.release(hub_id)
        await self._of.laggards.acquire(hub_id)
        self._pool = self._of.laggards

    async def __aexit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._give_back()

    def _is_prompt(self) -> bool:
        return not self._lane.lags

    def _takes_long(self) -> None:
        self._give_back()
        self._of.lagging(self._lane)

    def _give_back(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.release(self._lane.hub_id)
