"""Sends deliveries: what this process has just committed at once from memory, what is due later by a sweep.

Any number of dispatchers may run. A delivery is sent by whoever holds its lease, is marked only while the lease holds,
and is taken by another when its holder dies: sent at least once, never forgotten.
"""

import asyncio
import contextlib
import contextvars
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from services.notify.deliveries import leases, signing
from services.notify.deliveries import store as deliveries
from services.notify.deliveries.guard import Guard
from services.notify.deliveries.handover import MayTake, attach, detach
from services.notify.deliveries.lanes import Lane, Lanes, Places
from services.notify.deliveries.leases import Mark
from services.notify.deliveries.model import Attempt, Job
from services.notify.deliveries.recording import Recorder
from services.notify.deliveries.schedule import Meaning, Verdict, judge, next_attempt_at
from services.notify.deliveries.sending import Sender
from services.notify.endpoints import commands as endpoint_commands
from services.notify.endpoints import store as endpoints
from services.notify.endpoints.model import Endpoint
from services.notify.endpoints.sealing import SecretBox
from services.notify.log import store as log_store
from services.notify.visibility import in_hubs
from shared import clock
from shared.contracts.notify.deliveries import DeliveryStatus
from shared.contracts.notify.endpoints import DisabledReason, EndpointStatus
from shared.logging import log
from shared.messaging.outbox import new_fence
from shared.metrics import Counters
from shared.mongo import Database, PyMongoError

CONTENT_TYPE = "application/cloudevents+json"
LEASE = timedelta(seconds=30)
"""How long a lease lasts: after a crash, deliveries of the dead process wait this long."""

BEGUN_WITHIN = timedelta(seconds=10)
"""An attempt takes 15 s at most: begun later than this, it could outlast its lease."""

PUT_OFF_FOR = timedelta(seconds=5)
"""The wait when a name was not looked up because too many lookups were under way. It is not counted as an attempt."""

SWEPT_EVERY = timedelta(seconds=1)
ENDPOINTS_REMEMBERED_FOR = timedelta(seconds=1)
SECRETS_REMEMBERED = 4096
FORGETS_EVERY = timedelta(hours=1)


class Dispatcher:
    """`start()`, `sweep_for_ever()`, `stop()`; in between commands `offer` it jobs through the hand-over."""

    def __init__(self, database: Database, guard: Guard, box: SecretBox) -> None:
        self.token = new_fence()
        self.lease_seconds = LEASE.total_seconds()
        self.counters = Counters()
        self._database = database
        self._guard = guard
        self._box = box
        self._recorder = Recorder(database, self.counters)
        self._lanes = Lanes()
        self._places = Places(lagging=self._lags)
        self._endpoints: dict[str, tuple[float, Endpoint]] = {}
        self._opened: dict[bytes, str] = {}
        self._sender: Sender | None = None
        self._workers: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._context = contextvars.copy_context()
        self._stopping = False

    async def start(self) -> None:
        """Begin to take jobs."""
        self._context = contextvars.copy_context()
        self._sender = Sender(self._guard)
        attach(self._database, self)

    async def stop(self, within: float) -> None:
        """Begin nothing more, finish what is under way, mark it, and free what is still queued for others."""
        self._stopping = True
        detach(self._database)
        for lane in self._lanes:
            while lane.jobs:
                self._put_back(self._lanes.pop(lane))
        workers = list(self._workers)
        if workers:
            await asyncio.wait(workers, timeout=within)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await self._recorder.stop(within)
        if self._sender is not None:
            await self._sender.close()

    # --- the hand-over ---

    def claim(self) -> MayTake:
        """Grants room in memory. The sweep later takes a delivery for which there was no room."""
        if self._stopping or self._sender is None:
            return lambda endpoint_id, hub_id: False
        return self._lanes.claim()

    def offer(self, jobs: Sequence[Job], endpoints: Sequence[Endpoint] = ()) -> None:
        """Take jobs whose rows are leased to this dispatcher, and the endpoints as they were just read."""
        now = time.monotonic()
        for endpoint in endpoints:
            self._endpoints[endpoint.id] = (now, endpoint)
        for job in jobs:
            lane = self._lanes.push(job)
            if lane.workers < lane.width:
                self._add_worker(lane)

    def endpoint_changed(self, endpoint_id: str) -> None:
        """Read the endpoint anew before the next attempt, and sweep now."""
        self._endpoints.pop(endpoint_id, None)
        self._wake.set()

    # --- sending ---

    def _add_worker(self, lane: Lane) -> None:
        lane.workers += 1
        # A context of its own: a worker serves many messages, and is caused by none of them.
        worker = asyncio.create_task(self._work(lane), name="delivery", context=self._context.copy())
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _work(self, lane: Lane) -> None:
        try:
            while lane.jobs and lane.workers <= lane.width:
                async with self._places.place(lane):
                    if not lane.jobs:
                        break
                    await self._handle(lane, self._lanes.pop(lane))
                if not lane.jobs:
                    lane.ran_dry()
                elif lane.workers < lane.width:
                    self._add_worker(lane)
                if lane.overflowed and not lane.lags and lane.held <= lane.capacity // 2:
                    lane.overflowed = False
                    self._wake.set()
        finally:
            lane.workers -= 1

    async def _handle(self, lane: Lane, job: Job) -> None:
        """Handle one job. When anything fails, the lane continues, and the delivery comes back when its lease ends."""
        if time.monotonic() - job.since > BEGUN_WITHIN.total_seconds():
            lane.could_not_keep_up()
            self._put_back(job)
            return
        try:
            endpoint = await self._endpoint(job.endpoint_id)
            if endpoint is None:
                self._recorder.add(Mark(job.delivery_id, job.token, DeliveryStatus.CANCELLED, None))
            elif endpoint.status is not EndpointStatus.ENABLED:  # a disabled one's are for the sweep to cancel:
                self._put_back(job)  # what is remembered here may be older than the delivery
            else:
                await self._attempt(lane, endpoint, job)
        except Exception:  # noqa: BLE001 one delivery that cannot be handled must not stop its lane
            log.exception("delivery_not_handled", delivery=job.delivery_id, endpoint=job.endpoint_id)

    def _lags(self, lane: Lane) -> None:
        self._put_all_back(self._lanes.change(lane, lane.takes_long))

    def _put_all_back(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self._put_back(job)

    def _put_back(self, job: Job, due_at: datetime | None = None) -> None:
        self._recorder.add(Mark(job.delivery_id, job.token, DeliveryStatus.PENDING, due_at or clock.now()))

    async def _attempt(self, lane: Lane, endpoint: Endpoint, job: Job) -> None:
        assert self._sender is not None
        began = clock.now()
        secrets = [self._secret(secret.sealed, endpoint.id) for secret in endpoint.live_secrets(began)]
        signed = signing.signature_headers(job.message_id, began, job.body, secrets)
        headers = {"content-type": CONTENT_TYPE, **signed}
        outcome = await self._sender.post(endpoint.url, headers, job.body, hub_id=endpoint.hub_id)
        if outcome.put_off:
            self.counters.add("put_off")
            self._put_back(job, clock.now() + PUT_OFF_FOR)
            return
        ended = clock.now()
        number = job.tries + 1
        verdict = judge(number, outcome.status, ended, outcome.retry_after)
        if verdict.meaning is Meaning.GONE and not await self._disable_as_gone(endpoint):
            verdict = Verdict(Meaning.FAILED, next_attempt_at(number, ended, outcome.retry_after))
        if verdict.meaning is Meaning.SUCCEEDED:
            status = DeliveryStatus.SUCCEEDED
        else:
            status = DeliveryStatus.PENDING if verdict.next_attempt_at else DeliveryStatus.FAILED
        attempt = Attempt(
            number=number,
            at=began,
            status=outcome.status,
            milliseconds=outcome.milliseconds,
            reply=outcome.reply_text if outcome.status is not None else None,
            error=outcome.error,
        )
        self._recorder.add(Mark(job.delivery_id, job.token, status, verdict.next_attempt_at, attempt))
        self.counters.add(verdict.meaning.value)
        took = timedelta(milliseconds=outcome.milliseconds)
        self._put_all_back(self._lanes.change(lane, partial(lane.has_answered, took)))
        await self._note_health(endpoint, verdict.meaning)

    def _secret(self, sealed: bytes, endpoint_id: str) -> str:
        opened = self._opened.get(sealed)
        if opened is None:
            if len(self._opened) >= SECRETS_REMEMBERED:
                self._opened.clear()
            opened = self._opened[sealed] = self._box.open(sealed, endpoint_id)
        return opened

    async def _note_health(self, endpoint: Endpoint, meaning: Meaning) -> None:
        """Remember since when an endpoint fails, and disable it when that was too long."""
        now = clock.now()
        if meaning is Meaning.SUCCEEDED and endpoint.failing_since is not None:
            await endpoints.note_success(self._database, endpoint.id)
            self._endpoints.pop(endpoint.id, None)
        elif meaning is Meaning.FAILED and endpoint.failing_since is None:
            await endpoints.note_failing(self._database, endpoint.id, endpoint.url, now)
            self._endpoints.pop(endpoint.id, None)
        elif meaning is Meaning.FAILED and endpoint.has_failed_too_long(now):
            still = partial(Endpoint.has_failed_too_long, now=now)
            await endpoint_commands.disable_endpoint(self._database, endpoint.id, DisabledReason.FAILING, still)
            self._endpoints.pop(endpoint.id, None)

    async def _disable_as_gone(self, seen: Endpoint) -> bool:
        """Disable an endpoint that answered 410, unless somebody has changed it since the attempt began."""
        self._endpoints.pop(seen.id, None)
        unchanged = lambda endpoint: endpoint.version == seen.version  # noqa: E731
        return await endpoint_commands.disable_endpoint(self._database, seen.id, DisabledReason.GONE, unchanged)

    async def _endpoint(self, endpoint_id: str) -> Endpoint | None:
        remembered = self._endpoints.get(endpoint_id)
        if remembered and time.monotonic() - remembered[0] < ENDPOINTS_REMEMBERED_FOR.total_seconds():
            return remembered[1]
        read_at = time.monotonic()
        endpoint = await endpoints.ENDPOINTS.find(self._database, endpoint_id)
        if endpoint is not None:
            self._endpoints[endpoint_id] = (read_at, endpoint)
        return endpoint

    # --- the sweep ---

    async def sweep_for_ever(self) -> None:
        """Take due deliveries every second, and at once when woken."""
        forgotten_at = float("-inf")
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SWEPT_EVERY.total_seconds()):
                    await self._wake.wait()
            self._wake.clear()
            began = time.monotonic()
            try:
                await self.sweep_once()
                if time.monotonic() - forgotten_at > FORGETS_EVERY.total_seconds():
                    forgotten_at = time.monotonic()
                    await deliveries.forget(self._database, clock.now() - deliveries.KEPT)
            except PyMongoError as error:
                log.warning("deliveries_cannot_be_swept", error=type(error).__name__)
            # A sweep over a large backlog takes long: it leaves half of the time to others, however often it is woken.
            await asyncio.sleep(min(time.monotonic() - began, SWEPT_EVERY.total_seconds()))

    async def sweep_once(self) -> int:
        """Cancel the deliveries of disabled endpoints, and take due ones that nobody holds. Gives how many."""
        paused, disabled = await endpoints.not_enabled(self._database, clock.now())
        await self._cancel_void(disabled)
        taken = 0
        passed_over = {*paused, *disabled, *self._lanes.full()}
        more = True
        while more and not self._stopping:
            since = time.monotonic()
            batch = await leases.take_due(self._database, self.claim(), list(passed_over), LEASE)
            await self._offer_taken(batch, since)
            taken += len(batch.rows)
            more = batch.more and bool(batch.rows or batch.denied)
            passed_over |= batch.denied
            if more and (full := self._lanes.full_hubs()):
                passed_over |= set(await endpoints.ids_where(self._database, in_hubs(full)))
        return taken

    async def _cancel_void(self, disabled: Sequence[str]) -> None:
        """Look what waits first and ask after: what was made for an endpoint since it was enabled is not cancelled."""
        while disabled and (waiting := await leases.find_free(self._database, disabled)):
            _, disabled = await endpoints.not_enabled(self._database, clock.now())
            void = [delivery_id for delivery_id, endpoint_id in waiting if endpoint_id in disabled]
            self.counters.add("cancelled", await leases.cancel_free(self._database, void))

    async def _offer_taken(self, batch: leases.Taken, since: float) -> None:
        wanted = [row["message_id"] for row in batch.rows if row.get("body") is None]
        bodies = await log_store.bodies(self._database, wanted) if wanted else {}
        jobs: list[Job] = []
        for row in batch.rows:
            body = row.get("body") or bodies.get(row["message_id"])
            if body is None:  # the message is no longer in the log
                self._recorder.add(Mark(row["_id"], batch.token, DeliveryStatus.CANCELLED, None))
                continue
            about = (row["_id"], row["endpoint_id"], row["hub_id"], row["message_id"], bytes(body), row["tries"])
            jobs.append(Job(*about, batch.token, since))
        self.offer(jobs)
