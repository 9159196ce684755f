"""Writes what became of deliveries, many at a time: while one write is under way, the next gathers.

A crash before the write costs nothing but a second sending: the lease runs out and the delivery is taken again.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta

from services.notify.deliveries.leases import Mark, mark_all
from shared.logging import log
from shared.metrics import Counters
from shared.mongo import Database, PyMongoError

MOST_AT_ONCE = 500
TRY_AGAIN_AFTER = timedelta(seconds=0.5)


class Recorder:
    """Takes marks with `add` and writes them in the background; `stop` waits until all are written."""

    def __init__(self, database: Database, counters: Counters) -> None:
        self._database = database
        self._counters = counters
        self._waiting: list[Mark] = []
        self._writing: asyncio.Task[None] | None = None

    def add(self, mark: Mark) -> None:
        """Have this written soon."""
        self._waiting.append(mark)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="delivery-marks")

    async def stop(self, within: float) -> None:
        """Wait until everything added so far is written, or so many seconds have passed."""
        if self._writing is None:
            return
        await asyncio.wait([self._writing], timeout=within)
        self._writing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._writing

    async def _write(self) -> None:
        while self._waiting:
            marks, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            await self._write_batch(marks)

    async def _write_batch(self, marks: Sequence[Mark]) -> None:
        # Trying again is safe: a mark that was written no longer finds its lease.
        while True:
            try:
                written = await mark_all(self._database, marks)
                break
            except PyMongoError as error:
                log.warning("deliveries_cannot_be_marked", marks=len(marks), error=type(error).__name__)
                await asyncio.sleep(TRY_AGAIN_AFTER.total_seconds())
        if written < len(marks):
            self._counters.add("lease_lost", len(marks) - written)
            log.info("delivery_lease_lost", deliveries=len(marks) - written)
