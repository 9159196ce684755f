"""Divides a number of places between hubs, so that a hub with many slow receivers never keeps another waiting.

A hub may take as many places as it leaves free: alone it gets half, two hubs get a third each, and a hub that comes
later always finds room. Hubs that wait are served in turn.
"""

import asyncio
from collections import Counter, deque


class Shares:
    """Counts what each hub has taken of `total`."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.used = 0
        self.of: Counter[str] = Counter()

    def left(self, hub_id: str) -> int:
        """How many more this hub may take now."""
        # Each one it takes leaves one less free as well, so it may take half of the difference, rounded up.
        return max(0, (self.total - self.used - self.of[hub_id] + 1) // 2)

    def take(self, hub_id: str, count: int = 1) -> None:
        """Count so many as taken, whether they were left or not."""
        self.used += count
        self.of[hub_id] += count

    def give_back(self, hub_id: str, count: int = 1) -> None:
        """Count so many as free again."""
        self.used -= count
        self.of[hub_id] -= count
        if self.of[hub_id] <= 0:
            del self.of[hub_id]


class FairPlaces:
    """Places to wait for: `await acquire(hub_id)`, then `release(hub_id)`."""

    def __init__(self, total: int) -> None:
        self.shares = Shares(total)
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return sum(map(len, self._waiting.values()))

    def waiting_of(self, hub_id: str) -> int:
        """How many of this hub wait for a place."""
        return len(self._waiting.get(hub_id, ()))

    def locked(self) -> bool:
        """Whether all places are taken."""
        return self.shares.used >= self.shares.total

    async def acquire(self, hub_id: str) -> None:
        """Take a place, after those of the same hub that came before."""
        if hub_id not in self._waiting and self.shares.left(hub_id):
            self.shares.take(hub_id)
            return
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue = self._waiting.setdefault(hub_id, deque())
        queue.append(granted)
        try:
            await granted
        except asyncio.CancelledError:
            if granted.done() and not granted.cancelled():
                self.release(hub_id)
            else:
                queue.remove(granted)
                if not queue:
                    self._waiting.pop(hub_id, None)
            raise

    def release(self, hub_id: str) -> None:
        """Give a place back; it goes to whoever may have it, hub by hub in turn."""
        self.shares.give_back(hub_id)
        self._grant()

    def _grant(self) -> None:
        granted = True
        while granted:
            granted = False
            for hub_id in list(self._waiting):
                if not self.shares.left(hub_id):
                    continue
                granted = True
                queue = self._waiting.pop(hub_id)
                self.shares.take(hub_id)
                queue.popleft().set_result(None)
                if queue:
                    self._waiting[hub_id] = queue  # last in turn now
