"""A relay that was stopped (SIGSTOP) past its lease neither publishes nor marks rows that it no longer holds."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from shared.settings import Settings
from tests.support.service import a_running
from tests.support.waiting import eventually

SLEEPER = """
import asyncio, sys
from datetime import timedelta
from shared.app import build_service
from shared.messaging.reactions import Subscriptions
from shared.settings import Settings
from tests.proofs import breakage
from tests.support.service import throw

breakage.apply()

async def main(stop_at):
    service = build_service("paused", Settings(), Subscriptions())
    service.broker._on_connect.clear()
    await service.broker.start()
    await service.broker.connected()
    held = []
    service.outbox.committed = lambda rows, token, since: held.extend((row, token, since) for row in rows)
    for number in range(20):
        await throw(service.database, number)
    loop = asyncio.get_running_loop()
    async def wait():
        print("stop me", flush=True)
        await loop.run_in_executor(None, sys.stdin.readline)
    def after_waiting(honest):
        async def waits_once(*given, **named):
            nonlocal waited
            waited = waited or asyncio.create_task(wait())
            await waited
            return await honest(*given, **named)
        return waits_once
    waited = None
    if stop_at == "before_publishing":
        await wait()
    elif stop_at == "while_publishing":
        service.broker.publish = after_waiting(service.broker.publish)
    else:
        service.outbox.mark = after_waiting(service.outbox.mark)
    await service.relay._publish(held)
    print("published", service.relay.published, flush=True)

asyncio.run(main(sys.argv[1]))
"""


@asynccontextmanager
async def a_sleeper(settings: Settings, stop_at: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a process that is stopped at that point; it is killed at the end in any case."""
    environment = {
        **os.environ,
        "MYCELIUM_NAMESPACE": settings.namespace,
        "MYCELIUM_MONGO_URL": settings.mongo_url,
        "MYCELIUM_AMQP_URL": settings.amqp_url,
        "MYCELIUM_SECRET": settings.secret.get_secret_value(),
        "MYCELIUM_RELAY_LEASE_SECONDS": "1",
    }
    sleeper = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SLEEPER, stop_at),
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield sleeper
    finally:
        if sleeper.returncode is None:
            sleeper.kill()
            await sleeper.wait()


@pytest.mark.parametrize("stop_at", ["before_publishing", "while_publishing", "before_marking"])
async def test_a_relay_paused_past_its_lease_does_no_harm(settings: Settings, stop_at: str) -> None:
    quick = settings.model_copy(update={"relay_lease_seconds": 1.0, "relay_sweep_seconds": 0.2})
    async with a_running("paused", quick) as survivor, AsyncExitStack() as ends:
        await survivor.database["ripples"].delete_many({})
        await survivor.database["stones"].delete_many({})
        sleeper = await ends.enter_async_context(a_sleeper(settings, stop_at))
        assert sleeper.stdout is not None
        assert sleeper.stdin is not None
        while b"stop me" not in (said := await sleeper.stdout.readline()):
            assert said, "it ended before it could be stopped"
        os.kill(sleeper.pid, signal.SIGSTOP)

        async def taken_over() -> bool:
            counts = [row["count"] async for row in survivor.database["ripples"].find()]
            return counts == [1] * 20 and (await survivor.outbox.backlog())[0] == 0

        await eventually(taken_over, within=30)
        os.kill(sleeper.pid, signal.SIGCONT)
        sleeper.stdin.write(b"\n")
        await sleeper.stdin.drain()
        out = (await sleeper.stdout.read()).decode()
        assert await sleeper.wait() == 0
        assert "published 0" in out
        assert await taken_over()
