"""Spaces the attempts of a hub that has many under way, while other hubs are sending too.

All attempts of a process share its one thread. A burst of hundreds, each prompt, would leave no place occupied for long
and still keep another hub's single attempt waiting: it gets its next step only when each of them had one. So they begin
one after the other. A hub alone, and one with few attempts under way, is never held back.
"""

import asyncio
import time
from datetime import timedelta

FEW = 4
"""A hub with so many under way, or fewer, begins at once."""

GAP = timedelta(milliseconds=4)
"""Between the attempts of a hub that has more: about what one attempt costs."""

OTHERS_COUNT_FOR = timedelta(seconds=1)
"""So long after another hub's last attempt its next one is expected."""


class Pace:
    """Says how long an attempt waits before it begins."""

    def __init__(self, gap: timedelta = GAP) -> None:
        self._gap = gap.total_seconds()
        self._begun: dict[str, float] = {}
        self._next: dict[str, float] = {}

    async def turn(self, hub_id: str, under_way: int) -> None:
        """Wait until an attempt of this hub, which has so many under way, may begin."""
        wait = self.wait(hub_id, under_way, time.monotonic())
        if wait > 0:
            await asyncio.sleep(wait)

    def wait(self, hub_id: str, under_way: int, now: float) -> float:
        """The seconds this attempt has to wait; it is counted as begun."""
        self._begun[hub_id] = now
        if under_way <= FEW or not self._others(hub_id, now):
            self._next.pop(hub_id, None)
            return 0.0
        begins = max(now, self._next.get(hub_id, 0.0))
        self._next[hub_id] = begins + self._gap
        return begins - now

    def _others(self, hub_id: str, now: float) -> bool:
        for other in [each for each, at in self._begun.items() if now - at > OTHERS_COUNT_FOR.total_seconds()]:
            del self._begun[other]
            self._next.pop(other, None)
        return len(self._begun) > 1
