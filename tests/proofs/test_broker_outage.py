"""RabbitMQ is down for several leases under load: writes continue, the backlog drains, nothing is lost or doubled."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from deploy.local.ports import free_port
from deploy.local.rabbitmq import RabbitMQ
from shared.settings import Settings
from tests.support.service import a_running, throw
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow
LEASE_SECONDS = 2.0
AWAY_SECONDS = 4 * LEASE_SECONDS


async def test_several_leases_without_a_broker(settings: Settings, tmp_path: Path) -> None:
    broker = RabbitMQ(tmp_path, free_port(0))
    broker.start()
    await asyncio.to_thread(broker.wait_ready)
    try:
        own = settings.model_copy(update={"amqp_url": broker.url, "relay_lease_seconds": LEASE_SECONDS})
        async with a_running("outage", own) as service:
            thrown = 0
            ending = asyncio.Event()

            async def load() -> None:
                nonlocal thrown
                while not ending.is_set():
                    await throw(service.database, thrown)
                    thrown += 1

            loading = asyncio.create_task(load())

            # The broker loses a queue that was declared less than half a second before it is killed.
            started = time.monotonic()

            async def well_under_way() -> bool:
                done = await service.database["ripples"].count_documents({})
                return bool(done > 50 and time.monotonic() - started > 3)

            await eventually(well_under_way, within=30)
            os.killpg(os.getpgid(broker.process.pid), signal.SIGKILL)
            broker.stop()
            at_kill, since = thrown, time.monotonic()

            async def long_enough() -> bool:
                return time.monotonic() - since >= AWAY_SECONDS

            await eventually(long_enough, within=AWAY_SECONDS + 5)
            assert thrown > at_kill + 100, "writes go on without the broker"
            broker.start()
            await asyncio.to_thread(broker.wait_ready)
            ending.set()
            await loading

            async def all_once() -> bool:
                counts = [row["count"] async for row in service.database["ripples"].find()]
                return counts == [1] * thrown

            await eventually(all_once, within=60)

            async def all_marked() -> bool:
                return (await service.outbox.backlog())[0] == 0

            await eventually(all_marked, within=30)
    finally:
        broker.stop()
