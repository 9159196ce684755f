"""The relay: takes rows from the outbox to the broker. One loop in every replica; any number may run.

Nudged by each commit with the rows themselves, and sweeping on a timer for rows whose process died. A crash anywhere
loses nothing; a duplicate is allowed here and undone by the consumer's inbox. A relay that was paused past its lease
drops what it held, and its mark is fenced by the lease's token.
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
LEASE_MARGIN = 0.5  # of the lease: past this, what is held is dropped rather than published


class Relay:
    """Publishes rows in confirmed batches and marks them. `start()`, `nudge` by the outbox, `stop()` drains."""

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
        """Take rows that this process has just committed; they are already leased to it."""
        self._fresh.extend((row, token, since) for row in rows)
        self._wake.set()

    async def start(self) -> None:
        """Begin relaying and sweeping."""
        self._tasks = [
            asyncio.create_task(self._relay(), name="relay"),
            asyncio.create_task(self._sweep(), name="relay-sweep"),
        ]

    async def stop(self, within: float) -> None:
        """Publish what is in hand for up to `within` seconds; the rest stays in the outbox for another relay."""
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
        except Exception:  # noqa: BLE001 the rows stay leased, and the sweep takes them
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
            except Exception:  # noqa: BLE001 a sweep that died silently would leave messages behind
                log.exception("relay_sweep_failed")

    async def sweep_once(self) -> int:
        """Publish rows that nobody holds, batch by batch, until there are none. Gives how many were taken."""
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
