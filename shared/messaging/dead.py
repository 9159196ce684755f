"""Parked messages: listed, shown, and sent round again once what made them fail is mended.

They stay in `<service>.dead` until replayed. Looking takes none away. A replay is published with a confirm before the
parked copy is let go, so a crash between the two leaves a duplicate, which the inbox undoes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import aio_pika
from aio_pika.abc import AbstractIncomingMessage, DeliveryMode

from shared.messaging.envelope import CONTENT_TYPE, Malformed, unseal
from shared.messaging.topology import TIMEOUT, Names, declare_dead


@dataclass(frozen=True)
class Parked:
    """One parked message."""

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
        """Whether the body is a message at all; one that is not cannot be replayed."""
        try:
            unseal(self.body)
        except Malformed:
            return False
        return True


async def parked(url: str, names: Names, limit: int = 1000) -> list[Parked]:
    """Up to `limit` parked messages of a service, oldest first; all stay where they are."""
    found: list[Parked] = []

    def look(message: AbstractIncomingMessage) -> bool:
        found.append(_read(message, names))
        return False

    await _walk(url, names, limit, look)
    return found


async def replay(url: str, names: Names, wanted: Callable[[Parked], bool], limit: int = 1000) -> list[str]:
    """Send the wanted parked messages back to the service's queue, with a fresh count of tries. Gives their ids.

    Malformed ones are never sent back.
    """
    sent: list[str] = []

    def choose(message: AbstractIncomingMessage) -> bool:
        one = _read(message, names)
        if not (one.is_readable and wanted(one)):
            return False
        sent.append(one.id)
        return True

    await _walk(url, names, limit, choose)
    return sent


async def _walk(url: str, names: Names, limit: int, choose: Callable[[AbstractIncomingMessage], bool]) -> None:
    """Hold every parked message at once, send the chosen ones back, give the others back untouched."""
    connection = await aio_pika.connect(url, timeout=TIMEOUT)
    async with connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        queue = await declare_dead(channel, names)
        held: list[AbstractIncomingMessage] = []
        while len(held) < limit:
            message = await queue.get(no_ack=False, fail=False, timeout=TIMEOUT)
            if message is None:
                break
            held.append(message)
        for message in held:
            if not choose(message):
                continue
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
            held = [other for other in held if other is not message]
        for message in held:
            await message.nack(requeue=True)


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
        parked_at=message.timestamp,
        body=message.body,
    )
