"""One hub floods 2,000 endpoints, 1,800 of which never answer: how long another hub's webhooks and sign-in mail wait.

Notify runs as a separate process. The receiver also plays membership, which notify asks for addresses. The other hub
publishes messages at a steady rate, which are measured twice: alone, and during the flood.
"""

import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp

from bench import notify
from bench.receiving import receiver
from bench.table import Figure, percentile
from deploy.local.applications import is_ready
from deploy.local.mail import catch_mail
from deploy.local.ports import free_ports
from shared.auth import InternalTokens
from shared.contracts.membership.hubs import HubCreated
from shared.contracts.membership.memberships import GroupJoined, Role
from shared.contracts.membership.sign_in import SignInRequested
from shared.ids import new_id
from shared.messaging.broker import Broker
from shared.messaging.envelope import Message, seal
from shared.settings import Settings, decode_secret, variable

ENDPOINTS, STALLED = 2000, 1800
PER_SECOND = 20
SECONDS = 30
FLOOD_EVERY = 2.0
MAIL_EVERY = 1.0
MAIL_TARGET = 5.0
PATIENCE = 120.0
TOPIC = "membership.group_joined"


async def measure(settings: Settings) -> list[Figure]:
    """The other hub's p50 and p99, alone and during the flood, and the slowest sign-in mail."""
    own = settings.model_copy(update={"namespace": "benchflood"})
    with receiver() as url, tempfile.TemporaryDirectory(prefix="mycelium-bench-") as folder:
        async with catch_mail(Path(folder)) as smtp, _notify(own, url, smtp) as notify_url, _broker(own) as broker:
            steady, flooding = await _hub(broker), await _hub(broker)
            await _endpoints(notify_url, own, steady, [url] * 2)
            urls = [f"{url}stall"] * STALLED + [f"{url}quick"] * (ENDPOINTS - STALLED)
            await _endpoints(notify_url, own, flooding, urls)
            await _arrivals(broker, url, steady, 3)
            alone = await _arrivals(broker, url, steady, SECONDS)
            flood = asyncio.create_task(_flood(broker, flooding))
            mail = asyncio.create_task(_mail(broker, Path(folder)))
            beside = await _arrivals(broker, url, steady, SECONDS)
            letters = await mail
            flood.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await flood
    before, during = percentile(alone, 0.99), percentile(beside, 0.99)
    return [
        Figure(
            f"another hub's webhooks while {STALLED:,} of {ENDPOINTS:,} endpoints of a hub stall",
            f"p50 {percentile(beside, 0.5) * 1000:.0f} ms, p99 {during * 1000:.0f} ms",
            f"without them: p50 {percentile(alone, 0.5) * 1000:.0f} ms, p99 {before * 1000:.0f} ms",
            "p99 ≤ 2 × without them",
            during <= 2 * before,
        ),
        Figure(
            "sign-in mail meanwhile, from the message to the mail server",
            f"p50 {percentile(letters, 0.5) * 1000:.0f} ms, slowest {max(letters) * 1000:.0f} ms",
            "",
            f"≤ {MAIL_TARGET:g} s",
            max(letters) <= MAIL_TARGET,
        ),
    ]


@contextlib.asynccontextmanager
async def _notify(settings: Settings, membership: str, smtp: int) -> AsyncIterator[str]:
    """Run notify as a separate process; yields its URL."""
    (port,) = free_ports(0)
    values = {
        "environment": settings.environment,
        "namespace": settings.namespace,
        "mongo_url": settings.mongo_url,
        "amqp_url": settings.amqp_url,
        "secret": settings.secret.get_secret_value(),
        "membership_url": membership,
        "smtp_url": f"smtp://127.0.0.1:{smtp}",
        "webhooks_allow_private": "true",
        "webhook_endpoints_per_hub": str(ENDPOINTS),
        "log_level": "ERROR",
    }
    command = [sys.executable, "-m", "uvicorn", "services.notify.app:create_app", "--factory"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "error"]
    process = await asyncio.create_subprocess_exec(
        *command, env=os.environ | {variable(name): value for name, value in values.items()}
    )
    try:
        while not await asyncio.to_thread(is_ready, port):
            if process.returncode is not None:
                raise RuntimeError("notify did not start")
            await asyncio.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


@contextlib.asynccontextmanager
async def _broker(settings: Settings) -> AsyncIterator[Broker]:
    broker = Broker(settings.amqp_url, settings.name("mycelium"))
    await broker.start()
    await broker.connected()
    try:
        yield broker
    finally:
        await broker.close()


async def _hub(broker: Broker) -> str:
    hub = new_id("hub")
    await _publish(broker, HubCreated(hub_id=hub, slug=hub[-8:], parent_id=None, ancestors=[], version=1), hub)
    return hub


async def _endpoints(notify_url: str, settings: Settings, hub: str, urls: list[str]) -> None:
    tokens = InternalTokens(decode_secret(settings.secret), "gateway")
    left = list(urls)

    async def make(http: aiohttp.ClientSession) -> None:
        while left:
            body = {"hub_id": hub, "url": left.pop(), "topics": [TOPIC]}
            headers = {"authorization": f"Bearer {tokens.issue(notify.OPERATOR, 'notify')}"}
            async with http.post(f"{notify_url}/endpoints", json=body, headers=headers) as answer:
                if answer.status != 201:
                    raise RuntimeError(await answer.text())

    async with aiohttp.ClientSession() as http:
        await asyncio.gather(*(make(http) for _ in range(4)))


async def _flood(broker: Broker, hub: str) -> None:
    while True:
        await _publish(broker, _joined(hub), hub)
        await asyncio.sleep(FLOOD_EVERY)


async def _arrivals(broker: Broker, url: str, hub: str, seconds: float) -> list[float]:
    """Publish at a steady rate for `seconds`; return the seconds until each first arrival (at most `PATIENCE`)."""
    sent: dict[str, float] = {}
    began = time.perf_counter()
    for number in range(int(PER_SECOND * seconds)):
        await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
        at = time.perf_counter()
        sent[await _publish(broker, _joined(hub), hub)] = at
    arrived: dict[str, float] = {}
    deadline = time.perf_counter() + PATIENCE
    async with aiohttp.ClientSession() as http:
        while sent.keys() - arrived.keys() and time.perf_counter() < deadline:
            await asyncio.sleep(0.5)
            async with http.get(f"{url}arrivals") as answer:
                arrived = await answer.json()
    return [arrived.get(id_, at + PATIENCE) - at for id_, at in sent.items()]


async def _mail(broker: Broker, folder: Path) -> list[float]:
    """Request a code every second; return the seconds until each mail reached its server (at most `PATIENCE`)."""
    requested: dict[str, float] = {}
    arrived: dict[str, float] = {}
    began = time.perf_counter()
    deadline = began + SECONDS + PATIENCE
    while time.perf_counter() < deadline:
        now = time.perf_counter()
        if now - began < SECONDS and len(requested) <= (now - began) / MAIL_EVERY:
            request = new_id("sgn")
            requested[request] = now
            await _publish(broker, SignInRequested(request_id=request), None)
        for name in os.listdir(folder):
            arrived.setdefault(name.partition("-")[2].partition("@")[0], time.perf_counter())
        if now - began >= SECONDS and not requested.keys() - arrived.keys():
            break
        await asyncio.sleep(0.05)
    return [arrived.get(id_, at + PATIENCE) - at for id_, at in requested.items()]


async def _publish(broker: Broker, message: Message, hub: str | None) -> str:
    about: dict[str, Any] = {"subject": hub or "sign-in"} | ({"hub": hub} if hub else {})
    identifier, body = seal(message, source="bench", **about)
    await broker.publish(type(message).type_name(), identifier, body)
    return identifier


def _joined(hub: str) -> GroupJoined:
    return GroupJoined(
        membership_id=new_id("mem"),
        group_id=new_id("grp"),
        hub_id=hub,
        person_id=new_id("per"),
        roles=[Role.MEMBER],
        version=1,
    )
