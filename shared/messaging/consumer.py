"""The consumer of a service's queue. A message is acknowledged only after its effect is committed.

A duplicate is acknowledged and has no effect. When a handler fails, the message is retried after growing waits and then
parked in `<service>.dead`; a malformed body is parked at once. While MongoDB is unreachable, or still holds the locks
of a dead process, the consumer holds messages and does not count this as a failure.
"""

import asyncio
import time
from collections.abc import Awaitable, Sequence
from typing import Any

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue

from shared import clock
from shared.context import Cause, new_request_id, new_traceparent, set_cause
from shared.errors import ProblemError
from shared.logging import log
from shared.messaging import inbox
from shared.messaging.broker import Broker, Refused, Unroutable, asked_to_stop
from shared.messaging.envelope import Malformed, unseal
from shared.messaging.reactions import Received, Subscriptions
from shared.messaging.topology import RETRIES, TIMEOUT, Names, declare_service
from shared.metrics import Counters
from shared.mongo import Database, TooBusy, Transaction, Unreachable

ATTEMPT = "x-attempt"
WORKERS = 8
HOLD_SECONDS = 1.0
BUSY_SECONDS = 90.0
"""How long to wait for a lock. By default MongoDB releases the locks of a dead process after at most 60 s."""

Delivery = tuple[AbstractIncomingMessage, Received]


class Consumer:
    """Handles the messages of a queue by its subscriptions: one at a time by several workers, or in batches by one."""

    def __init__(
        self,
        database: Database,
        broker: Broker,
        names: Names,
        subscriptions: Subscriptions,
        *,
        prefetch: int = 64,
    ) -> None:
        self.database = database
        self.broker = broker
        self.names = names
        self.subscriptions = subscriptions
        self.batch_size = subscriptions.batch_size if subscriptions.batch else 1
        self.prefetch = max(prefetch, 2 * self.batch_size if subscriptions.batch else 0)
        self.counters = Counters()
        self.in_hand = 0
        """The number of messages taken from the queue and not yet settled."""
        self._arrived: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
        self._workers: list[asyncio.Task[None]] = []
        self._queue: AbstractQueue | None = None
        self._tag: str | None = None
        broker.on_connect(self._set_up)

    async def start(self) -> None:
        """Start the workers. Messages arrive once the broker is connected."""
        count = 1 if self.subscriptions.batch else WORKERS
        self._workers = [asyncio.create_task(self._work(), name=f"consumer-{n}") for n in range(count)]

    async def stop(self, within: float) -> None:
        """Take no more messages, and finish those in hand within `within` seconds; the broker redelivers the rest."""
        if self._queue is not None and self._tag is not None:
            await _settle(self._queue.cancel(self._tag, timeout=TIMEOUT))
        try:
            async with asyncio.timeout(within):
                await self._arrived.join()
        except TimeoutError:
            log.warning("consumer_stopped_with_work_in_hand", messages=self.in_hand)
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    async def _set_up(self) -> AbstractChannel:
        """On each new connection: drop the messages of the old one, which cannot be acknowledged, and consume again."""
        while not self._arrived.empty():
            self._arrived.get_nowait()
            self._done(1)
        channel = await self.broker.channel(publisher_confirms=False)
        await channel.set_qos(prefetch_count=self.prefetch, timeout=TIMEOUT)
        moved = self.subscriptions.moved_keys()
        bound = [key for key in self.subscriptions.binding_keys() if key not in moved]
        self._queue = await declare_service(channel, self.names, bound, moved)
        # When the broker cancels the consumer (the queue was deleted), the channel stays open and nothing more arrives.
        underlying = await channel.get_underlay_channel()
        underlying.on_consumer_cancel_callbacks.add(lambda _: self.broker.connect_anew())
        self._tag = await self._queue.consume(self._arrive, timeout=TIMEOUT)
        return channel

    async def _arrive(self, message: AbstractIncomingMessage) -> None:
        self.in_hand += 1
        await self._arrived.put(message)

    def _done(self, count: int) -> None:
        self.in_hand -= count
        for _ in range(count):
            self._arrived.task_done()

    async def _work(self) -> None:
        while True:
            first = await self._arrived.get()
            taken = [first]
            try:
                while len(taken) < self.batch_size and not self._arrived.empty():
                    taken.append(self._arrived.get_nowait())
                await self._handle(taken)
            except (Exception, asyncio.CancelledError):  # if a worker ended silently, the queue would stop
                if asked_to_stop():
                    raise
                log.exception("consumer_worker_failed", messages=len(taken))
                await _give_back(taken)
            finally:
                self._done(len(taken))

    async def _handle(self, taken: Sequence[AbstractIncomingMessage]) -> None:
        deliveries: list[Delivery] = []
        for message in taken:
            try:
                deliveries.append((message, Received(unseal(message.body), message.body)))
            except Malformed as error:
                await self._park(message, "malformed", str(error))
        if len(deliveries) > 1:
            try:
                await self._take_effect(deliveries)
                return
            except Exception as error:  # noqa: BLE001 one bad message must not block the others: handle each alone
                log.info("batch_falls_apart", messages=len(deliveries), error=type(error).__name__)
        for delivery in deliveries:
            await self._handle_one(delivery)

    async def _handle_one(self, delivery: Delivery) -> None:
        message, received = delivery
        try:
            await self._take_effect([delivery])
        except Malformed as error:
            await self._park(message, "malformed", str(error))
        except Exception as error:  # noqa: BLE001 the message is retried, whatever a handler raises
            log.warning(
                "reaction_failed",
                type=received.envelope.type,
                message=received.envelope.id,
                attempt=_attempt(message),
                error=f"{type(error).__name__}: {error}"[:300],
                exc_info=None if isinstance(error, ProblemError) else error,
            )
            await self._retry(message, error)

    async def _take_effect(self, deliveries: Sequence[Delivery]) -> None:
        """Commit effects and inbox rows together, then acknowledge. Waits while MongoDB is unreachable or too busy."""
        wait, began = HOLD_SECONDS, time.monotonic()
        while True:
            try:
                fresh = await self.database.transaction(
                    lambda transaction: self._react(transaction, [received for _, received in deliveries])
                )
                break
            except (Unreachable, TooBusy) as error:
                if isinstance(error, TooBusy) and time.monotonic() - began > BUSY_SECONDS:
                    raise
                self.counters.add("held", len(deliveries))
                log.warning(
                    "consumer_holds", queue=self.names.queue, messages=len(deliveries), error=type(error).__name__
                )
                await asyncio.sleep(wait)
                wait = min(wait * 2, 10.0)
        self.counters.add("handled", fresh)
        self.counters.add("duplicate", len(deliveries) - fresh)
        await _settle(self._acknowledge([message for message, _ in deliveries]))

    async def _acknowledge(self, messages: Sequence[AbstractIncomingMessage]) -> None:
        """Acknowledge the messages: a batch in one call, because its only worker has settled everything before it."""
        if self.subscriptions.batch is not None and len(messages) > 1:
            await messages[-1].ack(multiple=True)
            return
        for message in messages:
            await message.ack()

    async def _react(self, transaction: Transaction, received: Sequence[Received]) -> int:
        fresh = await inbox.admit(transaction, [r.envelope for r in received])
        news: list[Received] = []
        for one in received:
            if one.envelope.id in fresh:
                fresh.discard(one.envelope.id)  # the same message twice in one batch takes effect once
                news.append(one)
        subscriptions = self.subscriptions
        if subscriptions.batch is not None:
            batch = [r for r in news if subscriptions.is_batched(r.envelope.type)]
            if batch:
                await subscriptions.batch(transaction, batch)
        for one in news:
            reactions = subscriptions.of(one.envelope.type)
            if reactions:
                set_cause(_cause(one))
            for reaction in reactions:
                await reaction.handler(transaction, one.envelope.read(reaction.message), one.envelope)
        return len(news)

    async def _retry(self, message: AbstractIncomingMessage, error: Exception) -> None:
        attempt = _attempt(message)
        if attempt >= len(RETRIES):
            await self._park(message, "tries_used_up", f"{type(error).__name__}: {error}")
            return
        label, _ = RETRIES[attempt]
        await self._move(message, self.names.retry(label), {ATTEMPT: attempt + 1})
        self.counters.add("retried", 1)

    async def _park(self, message: AbstractIncomingMessage, reason: str, error: str) -> None:
        log.error("message_parked", queue=self.names.queue, reason=reason, message=message.message_id)
        about = {
            "x-parked-reason": reason,
            "x-parked-error": error[:500],
            "x-parked-from": self.names.queue,
            "x-parked-at": clock.now(),
        }
        await self._move(message, self.names.dead, about)
        self.counters.add("parked", 1)

    async def _move(self, message: AbstractIncomingMessage, queue: str, headers: dict[str, Any]) -> None:
        """Publish the message to another queue, wait for the confirm, and only then acknowledge it here."""
        old = {k: v for k, v in dict(message.headers).items() if not k.startswith("x-death")}
        try:
            await self.broker.publish(
                message.routing_key or "",
                message.message_id or "",
                message.body,
                headers={**old, "x-type": old.get("x-type", message.routing_key), **headers},
                queue=queue,
            )
        except (Refused, Unroutable):
            await _settle(message.nack(requeue=True))
            return
        await _settle(message.ack())


async def _settle(settling: Awaitable[object]) -> None:
    """Acknowledge or reject at the broker. If that fails, the messages are redelivered, and the inbox ignores them."""
    try:
        await settling
    except (Exception, asyncio.CancelledError) as error:  # the error that ended the connection
        if asked_to_stop():
            raise
        log.info("consumer_lost_channel", error=type(error).__name__)


async def _give_back(messages: Sequence[AbstractIncomingMessage]) -> None:
    """Reject unsettled messages, to be redelivered: otherwise acknowledging a later batch would include them."""
    for message in messages:
        if not message.processed:
            await _settle(message.nack(requeue=True))


def _attempt(message: AbstractIncomingMessage) -> int:
    value = message.headers.get(ATTEMPT, 0)
    return value if isinstance(value, int) else 0


def _cause(received: Received) -> Cause:
    envelope = received.envelope
    return Cause(
        correlation=envelope.correlation or new_request_id(),
        traceparent=envelope.traceparent or new_traceparent(),
        actor=envelope.actor,
        causation=envelope.id,
    )
