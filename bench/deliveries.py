"""Webhook deliveries with their log (URL checked, signed, sent, every attempt recorded) beside bare aiohttp POSTs.

Both send the same number of bodies to the same receiver, which is a separate process; rounds are interleaved. The
endpoints are paused during the intake of the messages, which `bench/intake.py` measures. For a second figure they stay
enabled: it covers everything from the broker's queue to the recorded attempt.
"""

import asyncio
import time

import aiohttp

from bench import notify
from bench.receiving import receiver
from bench.table import Figure, median_ratio
from services.notify.endpoints.commands import edit_endpoint
from shared.app import Service
from shared.contracts.notify.endpoints import EndpointChanges, EndpointStatus
from shared.settings import Settings

ROUNDS = 3
ENDPOINTS = 8
MESSAGES = 1000
AT_ONCE = 32
TARGET = 0.15


async def measure(settings: Settings) -> list[Figure]:
    """Deliveries per second, from the first logged message to the last recorded attempt."""
    own = settings.model_copy(update={"namespace": "benchdeliveries"})
    deliveries = ENDPOINTS * MESSAGES
    drained: list[tuple[float, float]] = []
    piped: list[tuple[float, float]] = []
    logged, recorded = 1, 0
    with receiver() as url:
        hub = await notify.prepare(own, [url] * ENDPOINTS)
        for _ in range(ROUNDS):
            for pairs, paused in ((drained, True), (piped, False)):
                await _set(own, EndpointStatus.PAUSED if paused else EndpointStatus.ENABLED)
                await notify.fill(own, hub, MESSAGES)
                async with notify.notify_running(own) as service:
                    began = await notify.until(service, logged + (MESSAGES if paused else 1))
                    if paused:
                        began = time.perf_counter()
                        await _set(own, EndpointStatus.ENABLED, service)
                    recorded += deliveries
                    ended = await _until_recorded(service, recorded)
                logged += MESSAGES
                pairs.append((deliveries / (ended - began), await _bare(url, deliveries)))
    ratio, whole = median_ratio(drained), median_ratio(piped)
    bare = f"bare aiohttp POSTs: {max(bare for _, bare in drained + piped):,.0f}/s"
    return [
        Figure(
            f"webhook deliveries with log, {ENDPOINTS} endpoints",
            f"{max(ours for ours, _ in drained):,.0f}/s, median {ratio:.0%} of bare",
            bare,
            f"≥ {TARGET:.0%} of bare",
            ratio >= TARGET,
        ),
        Figure(
            "the same with their intake, from the broker's queue on",
            f"{max(ours for ours, _ in piped):,.0f}/s, median {whole:.0%} of bare",
            bare,
            "",
            None,
        ),
    ]


async def _set(settings: Settings, status: EndpointStatus, running: Service | None = None) -> None:
    """Pause or enable every endpoint, as its owner would."""
    if running is None:
        async with notify.notify_running(settings) as service:
            await _set(settings, status, service)
            return
    for row in await running.database["endpoints"].find({}, {"_id": 1}).to_list(None):
        changes = EndpointChanges(status=status)
        await edit_endpoint(running.database, running.extra["guard"], notify.OPERATOR, row["_id"], changes)


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
