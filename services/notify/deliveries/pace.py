"""Spaces the attempts of a hub that has many under way, while other hubs are sending too.

All attempts of a process share its one thread. A burst of hundreds, each prompt, would leave no place occupied for long
and still keep another hub's single attempt waiting: it gets its next step only when each of them had one. So they begin
one after the other. A hub alone, and one with few attempts under way, is never held back.
"""

import asyncio
import time
from datetime import timedelta

FEW = 4
"""A hub with at most this many attempts under way begins the next at once."""

GAP = timedelta(milliseconds=4)
"""The space between attempts of a hub that has more under way: about the cost of one attempt."""

OTHERS_COUNT_FOR = timedelta(seconds=1)
"""Another hub counts as sending for this long after its last attempt."""


class Pace:
    """Says how long an attempt waits before it begins."""

    def __init__(self, gap: timedelta = GAP) -> None:
        self._gap = gap.total_seconds()
        self._begun: dict[str, float] = {}
        self._next: dict[str, float] = {}

    async def turn(self, hub_id: str, under_way: int) -> None:
        """Wait until an attempt of this hub may begin. `under_way`: how many it has."""
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
