"""Parked messages: list them, replay them once the cause of their failure is fixed, or drop them for good.

They stay in `<service>.dead` until they are replayed or dropped. Listing removes none: each function holds the messages
unacknowledged and acknowledges only the chosen ones, so the broker puts all others back, also when the process is
killed. A replay is published with a confirm before the parked copy is acknowledged. A crash between the two leaves a
duplicate, which the inbox ignores.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue, DeliveryMode
from aio_pika.exceptions import ChannelNotFoundEntity

from shared.messaging.envelope import CONTENT_TYPE, Malformed, unseal
from shared.messaging.topology import TIMEOUT, Names

PAUSE = 0.01
Settle = Callable[[AbstractChannel, AbstractIncomingMessage], Awaitable[None]]


@dataclass(frozen=True)
class Parked:
    """One parked message; `attempts` counts the failed tries, `body` is the original bytes."""

    id: str
    type: str
    service: str
    reason: str
    error: str
    attempts: int
    parked_at: datetime | None
    body: bytes

    @property
    def is_readable(self) -> bool:
        """Whether the body can be read as a message; otherwise it cannot be replayed."""
        try:
            unseal(self.body)
        except Malformed:
            return False
        return True


@dataclass(frozen=True)
class Depths:
    """How many messages wait in a service's queue, and how many are parked; `None` when the queue does not exist."""

    waiting: int | None
    parked: int | None


async def parked(url: str, names: Names, limit: int = 1000) -> list[Parked]:
    """List up to `limit` parked messages of a service, oldest first. All stay parked."""
    found: list[Parked] = []

    def look(message: AbstractIncomingMessage) -> bool:
        found.append(_read(message, names))
        return False

    await _walk(url, names, limit, look, _let_go)
    return found


async def replay(url: str, names: Names, wanted: Callable[[Parked], bool], limit: int | None = None) -> list[str]:
    """Send the wanted parked messages back to the service's queue, with the count of tries at zero. Returns their ids.

    Malformed messages are never replayed. A message that is parked again meanwhile is not replayed twice. `limit`: how
    many are looked at; by default all that are parked at the start.
    """
    sent: list[str] = []

    def choose(message: AbstractIncomingMessage) -> bool:
        one = _read(message, names)
        if not (one.is_readable and wanted(one)):
            return False
        sent.append(one.id)
        return True

    async def send_back(channel: AbstractChannel, message: AbstractIncomingMessage) -> None:
        await _send_back(channel, names, message)

    await _walk(url, names, limit, choose, send_back)
    return sent


async def drop(url: str, names: Names, wanted: Callable[[Parked], bool]) -> list[Parked]:
    """Remove the wanted parked messages for good, also malformed ones. Returns them, the only copies left."""
    dropped: list[Parked] = []

    def choose(message: AbstractIncomingMessage) -> bool:
        one = _read(message, names)
        if not wanted(one):
            return False
        dropped.append(one)
        return True

    await _walk(url, names, None, choose, _let_go)
    return dropped


async def depths(url: str, names: Names) -> Depths:
    """Count a service's waiting and parked messages without taking any."""
    async with _channel(url) as channel:
        waiting = await _find(channel, names.queue)
    async with _channel(url) as channel:
        dead = await _find(channel, names.dead)
    return Depths(waiting=_count(waiting) if waiting else None, parked=_count(dead) if dead else None)


async def _walk(
    url: str, names: Names, limit: int | None, choose: Callable[[AbstractIncomingMessage], bool], settle: Settle
) -> None:
    """Take every parked message (at most `limit`), settle the chosen ones and return the others to the queue."""
    async with _channel(url) as channel:
        queue = await _find(channel, names.dead)
        if queue is None:
            return
        held: list[AbstractIncomingMessage] = []
        for _ in range(_count(queue) if limit is None else min(limit, _count(queue))):
            message = await queue.get(no_ack=False, fail=False, timeout=TIMEOUT)
            if message is None:
                break
            if choose(message):
                await settle(channel, message)
            else:
                held.append(message)
        for message in held:
            await message.nack(requeue=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TIMEOUT):
                await _until_back(channel, names, len(held))


async def _until_back(channel: AbstractChannel, names: Names, count: int) -> None:
    """Wait until the broker has put the messages back. It does not confirm this, so the queue's length is polled."""
    while (queue := await _find(channel, names.dead)) and _count(queue) < count:  # noqa: ASYNC110 there is no event to wait for
        await asyncio.sleep(PAUSE)


async def _let_go(channel: AbstractChannel, message: AbstractIncomingMessage) -> None:
    await message.ack()


async def _send_back(channel: AbstractChannel, names: Names, message: AbstractIncomingMessage) -> None:
    await channel.default_exchange.publish(
        aio_pika.Message(
            message.body,
            message_id=message.message_id,
            content_type=CONTENT_TYPE,
            delivery_mode=DeliveryMode.PERSISTENT,
            headers={"x-type": message.headers.get("x-type")},
        ),
        names.queue,
        timeout=TIMEOUT,
    )
    await message.ack()


@contextlib.asynccontextmanager
async def _channel(url: str) -> AsyncIterator[AbstractChannel]:
    connection = await aio_pika.connect(url, timeout=TIMEOUT)
    async with connection:
        yield await connection.channel(publisher_confirms=True, on_return_raises=True)


async def _find(channel: AbstractChannel, name: str) -> AbstractQueue | None:
    """The queue, or `None` when it does not exist; then the channel is closed. Creates no queue."""
    try:
        return await channel.declare_queue(name, passive=True, timeout=TIMEOUT)
    except ChannelNotFoundEntity:
        return None


def _count(queue: AbstractQueue) -> int:
    return queue.declaration_result.message_count or 0


def _read(message: AbstractIncomingMessage, names: Names) -> Parked:
    headers = message.headers
    try:
        envelope = unseal(message.body)
        identifier, type_ = envelope.id, envelope.type
    except Malformed:
        identifier, type_ = message.message_id or "", str(headers.get("x-type", ""))
    attempt = headers.get("x-attempt", 0)
    return Parked(
        id=identifier,
        type=type_,
        service=names.queue,
        reason=str(headers.get("x-parked-reason", "delivery_limit")),
        error=str(headers.get("x-parked-error", "")),
        attempts=attempt + 1 if isinstance(attempt, int) else 1,
        parked_at=_parked_at(message),
        body=message.body,
    )


def _parked_at(message: AbstractIncomingMessage) -> datetime | None:
    """When the consumer or the broker (`time` in the newest `x-death` record) parked it; precise to the second."""
    deaths = message.headers.get("x-death")
    newest = deaths[0] if isinstance(deaths, list) and deaths else None
    at = message.headers.get("x-parked-at") or (newest.get("time") if isinstance(newest, dict) else None)
    if not isinstance(at, datetime):
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
