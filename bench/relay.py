"""The relay, from outbox rows in MongoDB until they are marked as published, beside bare confirmed publishing.

Both publish the same bytes to the same quorum queue in the same batches; rounds are interleaved.
"""

import asyncio
import time
from typing import ClassVar

import aio_pika

from bench.table import Figure, median_ratio
from shared import clock
from shared.app import OWN_INDEXES, build_service
from shared.context import current_cause
from shared.messaging.envelope import Envelope, Message, seal
from shared.messaging.outbox import COLLECTION
from shared.messaging.reactions import Subscriptions, on
from shared.mongo import Binary, Transaction
from shared.settings import Settings

ROUNDS = 5
MESSAGES = 2000
TARGET = 0.40


class BenchRan(Message):
    """A message to publish."""

    topic: ClassVar[str] = "bench.ran"
    number: int
    filling: str = "x" * 200


async def ignore(tx: Transaction, message: BenchRan, envelope: Envelope) -> None:
    """A handler that is never called: the consumer is stopped while the relay is measured."""


async def measure(settings: Settings) -> list[Figure]:
    """Messages per second of both, and the median of their ratios."""
    service = build_service("bench_relay", settings, Subscriptions(reactions=(on(BenchRan, ignore),)))
    for wanted in OWN_INDEXES:
        await service.database.ensure_indexes(wanted)
    await service.broker.start()
    await service.broker.connected()
    await service.consumer.stop(1)
    connection = await aio_pika.connect(settings.amqp_url)
    pairs: list[tuple[float, float]] = []
    async with connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(service.broker.exchange_name)
        for _ in range(ROUNDS):
            bodies = _bodies()
            began = time.perf_counter()
            for start in range(0, MESSAGES, settings.relay_batch):
                await asyncio.gather(
                    *(
                        exchange.publish(
                            aio_pika.Message(body, message_id=id_, delivery_mode=aio_pika.DeliveryMode.PERSISTENT),
                            BenchRan.type_name(),
                        )
                        for id_, body in bodies[start : start + settings.relay_batch]
                    )
                )
            bare = MESSAGES / (time.perf_counter() - began)
            await service.database[COLLECTION].insert_many([_row(id_, body) for id_, body in _bodies()])
            began = time.perf_counter()
            while await service.relay.sweep_once():
                pass
            pairs.append((MESSAGES / (time.perf_counter() - began), bare))
            if (await service.outbox.backlog())[0]:
                raise RuntimeError("the relay left rows behind")
    await service.broker.close()
    await service.mongo.close()
    ratio = median_ratio(pairs)
    return [
        Figure(
            "relay: outbox row to confirmed and marked",
            f"{max(ours for ours, _ in pairs):,.0f} messages/s, median {ratio:.0%} of bare",
            f"bare confirmed aio-pika: {max(bare for _, bare in pairs):,.0f} messages/s",
            f"≥ {TARGET:.0%} of bare",
            ratio >= TARGET,
        )
    ]


def _bodies() -> list[tuple[str, bytes]]:
    cause = current_cause()
    return [seal(BenchRan(number=n), source="bench", cause=cause, subject="bench") for n in range(MESSAGES)]


def _row(identifier: str, body: bytes) -> dict[str, object]:
    now = clock.now()
    return {
        "_id": identifier,
        "type": BenchRan.type_name(),
        "body": Binary(body),
        "broadcast": False,
        "pending": True,
        "recorded_at": now,
        "lease": {"token": "", "until": now},
        "tries": 0,
    }
