"""Webhook deliveries with their log (taken in, signed, sent, every attempt recorded) beside bare aiohttp POSTs.

Both send the same number of bodies to the same receiver, in a process of its own; rounds are interleaved.
"""

import asyncio
import time

import aiohttp

from bench import notify
from bench.receiving import receiver
from bench.table import Figure, median_ratio
from shared.app import Service
from shared.settings import Settings

ROUNDS = 3
ENDPOINTS = 8
MESSAGES = 300
AT_ONCE = 32
TARGET = 0.15


async def measure(settings: Settings) -> list[Figure]:
    """Deliveries a second, from the first message logged to the last attempt recorded."""
    own = settings.model_copy(update={"namespace": "benchdeliveries"})
    deliveries = ENDPOINTS * MESSAGES
    pairs: list[tuple[float, float]] = []
    with receiver() as url:
        hub = await notify.prepare(own, [url] * ENDPOINTS)
        before = 1
        for round_ in range(1, ROUNDS + 1):
            await notify.fill(own, hub, MESSAGES)
            async with notify.notify_running(own) as service:
                began = await notify.until(service, before + 1)
                ended = await _until_recorded(service, round_ * deliveries)
            before += MESSAGES
            pairs.append((deliveries / (ended - began), await _bare(url, deliveries)))
    ratio = median_ratio(pairs)
    return [
        Figure(
            f"webhook deliveries with log, {ENDPOINTS} endpoints",
            f"{max(ours for ours, _ in pairs):,.0f}/s, median {ratio:.0%} of bare",
            f"bare aiohttp POSTs: {max(bare for _, bare in pairs):,.0f}/s",
            f"≥ {TARGET:.0%} of bare",
            ratio >= TARGET,
        )
    ]


async def _until_recorded(service: Service, count: int) -> float:
    async with asyncio.timeout(notify.PATIENCE):
        while await service.database["deliveries"].count_documents({"status": "succeeded"}) < count:
            await asyncio.sleep(0.02)
    return time.perf_counter()


async def _bare(url: str, count: int) -> float:
    body = b'{"filling":"' + b"x" * 800 + b'"}'
    left = count

    async def post(http: aiohttp.ClientSession) -> None:
        nonlocal left
        while left > 0:
            left -= 1
            async with http.post(url, data=body, headers={"content-type": "application/json"}) as response:
                await response.read()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as http:
        began = time.perf_counter()
        await asyncio.gather(*(post(http) for _ in range(AT_ONCE)))
        return count / (time.perf_counter() - began)
