"""Notify's intake from its queue to the log (in batches, with sequence and inbox), beside bare consuming."""

import asyncio
import time

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from bench import notify
from bench.table import Figure
from shared.settings import Settings

MESSAGES = 10_000
TARGET = 1_000


async def measure(settings: Settings) -> list[Figure]:
    """Messages per second, from the first logged message to the last."""
    own = settings.model_copy(update={"namespace": "benchintake"})
    hub = await notify.prepare(own, [])
    await notify.fill(own, hub, MESSAGES)
    bare = await _bare(own)
    await notify.fill(own, hub, MESSAGES)
    async with notify.notify_running(own) as service:
        before = 1
        began = await notify.until(service, before + 1)
        seen = await notify.logged(service)
        ended = await notify.until(service, before + MESSAGES)
    rate = (before + MESSAGES - seen) / (ended - began)
    return [
        Figure(
            "notify's intake: queue to log, exactly once",
            f"{rate:,.0f} messages/s",
            f"bare aio-pika consuming and acknowledging: {bare:,.0f} messages/s",
            f"≥ {TARGET:,} messages/s",
            rate >= TARGET,
        )
    ]


async def _bare(settings: Settings) -> float:
    """Consume as many messages from the same queue and only acknowledge them; return messages per second."""
    done = asyncio.Event()
    taken = 0

    async def take(message: AbstractIncomingMessage) -> None:
        nonlocal taken
        await message.ack()
        taken += 1
        if taken == MESSAGES:
            done.set()

    connection = await aio_pika.connect(settings.amqp_url)
    async with connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=400)
        queue = await channel.get_queue(settings.name("notify"))
        began = time.perf_counter()
        await queue.consume(take)
        async with asyncio.timeout(notify.PATIENCE):
            await done.wait()
        return MESSAGES / (time.perf_counter() - began)
