"""The relay publishes the rows of the outbox. Every replica runs one; any number may run at once.

Each commit hands its rows to the relay; a timed sweep finds the rows of processes that died. A crash at any point loses
no message. A duplicate may be published; the consumer's inbox ignores it. A relay that was paused for longer than its
lease drops its rows, and marking rows as published is fenced by the lease's token.
"""

import asyncio
import contextlib
import time
from datetime import timedelta

from shared.logging import log
from shared.messaging.broker import Broker, Refused, Unroutable
from shared.messaging.outbox import Lease, Outbox, Row
from shared.mongo import PyMongoError

BATCHES_AT_ONCE = 4
PUT_OFF_AT_MOST = timedelta(seconds=30)
LEASE_MARGIN = 0.5  # share of the lease after which rows are dropped, not published


class Relay:
    """Publishes rows in confirmed batches and marks them as published."""

    def __init__(
        self, outbox: Outbox, broker: Broker, *, batch: int = 200, sweep: timedelta = timedelta(seconds=1)
    ) -> None:
        self.outbox = outbox
        self.broker = broker
        self.batch = batch
        self.sweep = sweep
        self.published = 0
        self.unroutable = 0
        self._fresh: list[tuple[Row, str, float]] = []
        self._wake = asyncio.Event()
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []
        self._batches: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(BATCHES_AT_ONCE)
        outbox.committed = self.nudge

    def nudge(self, rows: list[Row], token: str, since: float) -> None:
        """Queue rows just committed by this process, leased under `token` since `since` (a monotonic time)."""
        self._fresh.extend((row, token, since) for row in rows)
        self._wake.set()

    async def start(self) -> None:
        """Start publishing and sweeping in the background."""
        self._tasks = [
            asyncio.create_task(self._relay(), name="relay"),
            asyncio.create_task(self._sweep(), name="relay-sweep"),
        ]

    async def stop(self, within: float) -> None:
        """Publish the queued rows for up to `within` seconds; the rest stays in the outbox for another relay."""
        self._stopping = True
        self._wake.set()
        if self._tasks:
            self._tasks[1].cancel()
            await asyncio.wait([self._tasks[0], *self._batches], timeout=within)
        if self._batches:
            await asyncio.wait(self._batches, timeout=within)
        for task in [*self._tasks, *self._batches]:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _relay(self) -> None:
        while True:
            if not self._fresh:
                if self._stopping:
                    return
                self._wake.clear()
                await self._wake.wait()
                continue
            await self._room.acquire()
            taken, self._fresh = self._fresh[: self.batch], self._fresh[self.batch :]
            batch = asyncio.create_task(self._publish_fresh(taken), name="relay-batch")
            self._batches.add(batch)
            batch.add_done_callback(self._batches.discard)

    async def _publish_fresh(self, taken: list[tuple[Row, str, float]]) -> None:
        try:
            await self._publish(taken)
        except PyMongoError as error:
            log.warning("relay_cannot_mark", error=type(error).__name__)
        except Exception:  # noqa: BLE001 the lease will expire, and a sweep publishes the rows
            log.exception("relay_failed", rows=len(taken))
        finally:
            self._room.release()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self.sweep.total_seconds())
            try:
                await self.sweep_once()
            except PyMongoError as error:
                log.warning("relay_cannot_sweep", error=type(error).__name__)
            except Exception:  # noqa: BLE001 if the sweep ended silently, messages would stay unpublished
                log.exception("relay_sweep_failed")

    async def sweep_once(self) -> int:
        """Lease and publish rows without a valid lease, batch by batch, until none is left. Returns their number."""
        taken = 0
        while self.broker.is_connected:
            since = time.monotonic()
            lease: Lease = await self.outbox.take(self.batch)
            if not lease.rows:
                break
            taken += len(lease.rows)
            await self._publish([(row, lease.token, since) for row in lease.rows])
        return taken

    async def _publish(self, taken: list[tuple[Row, str, float]]) -> None:
        limit = self.outbox.lease.total_seconds() * LEASE_MARGIN
        now = time.monotonic()
        held = [(row, token) for row, token, since in taken if now - since < limit]
        if len(held) < len(taken):
            log.info("relay_lease_ran_out", rows=len(taken) - len(held))
        results = await asyncio.gather(*(self._publish_row(row) for row, _ in held))
        done: dict[str, list[str]] = {}
        later: dict[tuple[str, int], list[str]] = {}
        for (row, token), confirmed in zip(held, results, strict=True):
            if confirmed:
                done.setdefault(token, []).append(row.id)
            else:
                later.setdefault((token, row.tries), []).append(row.id)
        for token, ids in done.items():
            self.published += await self.outbox.mark(ids, token)
        for (token, tries), ids in later.items():
            await self.outbox.put_off(ids, token, min(timedelta(seconds=0.5 * 2 ** min(tries, 8)), PUT_OFF_AT_MOST))

    async def _publish_row(self, row: Row) -> bool:
        try:
            await self.broker.publish(row.type, row.id, row.body, mandatory=not row.broadcast)
        except Unroutable:
            self.unroutable += 1
            log.warning("message_unroutable", type=row.type, message=row.id)
            return False
        except Refused:
            return False
        return True
