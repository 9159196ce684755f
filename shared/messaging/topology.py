"""Exchanges and queues. Each part declares those it needs, always with the same arguments.

    mycelium (topic) ──binding keys──► <service> (quorum)
                                          │ handler failed: <service>.retry.1s … .10m (TTL, back to <service>)
                                          │ tries used up, malformed, or delivery limit
                                          ▼
    mycelium.dead (direct) ──────────► <service>.dead (quorum)

Works on RabbitMQ 3.10 and later: durable quorum queues, at-least-once dead-lettering, no policies needed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractQueue

RETRIES: tuple[tuple[str, timedelta], ...] = (
    ("1s", timedelta(seconds=1)),
    ("10s", timedelta(seconds=10)),
    ("60s", timedelta(seconds=60)),
    ("10m", timedelta(minutes=10)),
)
DELIVERY_LIMIT = 20
PARKED_DELIVERY_LIMIT = 1_000_000  # each listing is a delivery and must never make the broker drop a message
TIMEOUT = 10.0


@dataclass(frozen=True)
class Names:
    """The names of the exchanges and of one service's queues in this deployment."""

    exchange: str
    queue: str

    @property
    def dead_exchange(self) -> str:
        """The exchange for messages that cannot be handled."""
        return f"{self.exchange}.dead"

    @property
    def dead(self) -> str:
        """The queue of parked messages."""
        return f"{self.queue}.dead"

    def retry(self, label: str) -> str:
        """The queue in which messages wait before a retry; `label` is the length of the wait, such as `10s`."""
        return f"{self.queue}.retry.{label}"


async def declare_exchange(channel: AbstractChannel, names: Names) -> AbstractExchange:
    """Declare the topic exchange to which all messages are published."""
    return await channel.declare_exchange(names.exchange, ExchangeType.TOPIC, durable=True, timeout=TIMEOUT)


async def declare_dead(channel: AbstractChannel, names: Names) -> AbstractQueue:
    """Declare the queue of parked messages, and the exchange bound to it."""
    exchange = await channel.declare_exchange(names.dead_exchange, ExchangeType.DIRECT, durable=True, timeout=TIMEOUT)
    queue = await channel.declare_queue(
        names.dead,
        durable=True,
        arguments=_quorum({"x-delivery-limit": PARKED_DELIVERY_LIMIT}),
        timeout=TIMEOUT,
    )
    await queue.bind(exchange, routing_key=names.queue, timeout=TIMEOUT)
    return queue


async def declare_service(
    channel: AbstractChannel, names: Names, binding_keys: Iterable[str], moved: Iterable[str] = ()
) -> AbstractQueue:
    """Declare a service's queue with its retry and dead queues. Bind it to `binding_keys`, unbind it from `moved`."""
    exchange = await declare_exchange(channel, names)
    await declare_dead(channel, names)
    for label, wait in RETRIES:
        await channel.declare_queue(
            names.retry(label),
            durable=True,
            arguments=_quorum(
                {
                    "x-message-ttl": int(wait.total_seconds() * 1000),
                    **_dead_letter_to("", names.queue),
                    "x-delivery-limit": PARKED_DELIVERY_LIMIT,
                }
            ),
            timeout=TIMEOUT,
        )
    queue = await channel.declare_queue(
        names.queue,
        durable=True,
        arguments=_quorum({**_dead_letter_to(names.dead_exchange, names.queue), "x-delivery-limit": DELIVERY_LIMIT}),
        timeout=TIMEOUT,
    )
    for key in binding_keys:
        await queue.bind(exchange, routing_key=key, timeout=TIMEOUT)
    for key in moved:
        await queue.unbind(exchange, routing_key=key, timeout=TIMEOUT)
    return queue


def _quorum(more: dict[str, Any]) -> dict[str, Any]:
    return {"x-queue-type": "quorum", **more}


def _dead_letter_to(exchange: str, routing_key: str) -> dict[str, Any]:
    return {
        "x-dead-letter-exchange": exchange,
        "x-dead-letter-routing-key": routing_key,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
