"""Parked messages, walked through by a process that is killed on the way."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator

import pytest

from shared.app import Service
from shared.messaging import dead
from shared.settings import Settings
from tests.support.service import a_running
from tests.support.waiting import eventually

COUNT = 10
KILLED_WHILE_DROPPING = """
import asyncio, os, signal, sys
from shared.messaging import dead
from shared.messaging.topology import Names

seen = []

def even_ones_until_the_seventh(one):
    seen.append(one)
    if len(seen) == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return int(one.id) % 2 == 0

url, exchange, queue = sys.argv[1:]
asyncio.run(dead.drop(url, Names(exchange, queue), even_ones_until_the_seventh))
"""


@pytest.fixture
async def pond(settings: Settings) -> AsyncIterator[Service]:
    """A service with ten parked messages, which are no messages at all."""
    async with a_running("pond", settings) as service:
        for number in range(COUNT):
            await service.broker.publish("pond.stone_thrown.v1", str(number), b"not one")
        await eventually(lambda: parked_ids(service, COUNT))
        yield service
        await dead.drop(settings.amqp_url, service.consumer.names, lambda one: True)


async def parked_ids(service: Service, at_least: int) -> set[str]:
    found = await dead.parked(service.settings.amqp_url, service.consumer.names)
    assert len(found) >= at_least
    return {one.id for one in found}


async def test_a_drop_that_is_killed_midway_loses_nothing_but_what_it_was_to_drop(pond: Service) -> None:
    names = pond.consumer.names
    ids = sorted(await parked_ids(pond, COUNT))
    words = ["-c", KILLED_WHILE_DROPPING, pond.settings.amqp_url, names.exchange, names.queue]
    process = await asyncio.create_subprocess_exec(sys.executable, *words)
    assert await process.wait() == -signal.SIGKILL

    to_be_kept = {id_ for id_ in ids if int(id_) % 2}
    left = await eventually(lambda: parked_ids(pond, COUNT - 3))  # of the first six, three were to go
    assert left >= to_be_kept

    dropped = await dead.drop(pond.settings.amqp_url, names, lambda one: int(one.id) % 2 == 0)
    assert {one.id for one in dropped} == left - to_be_kept
    assert await parked_ids(pond, len(to_be_kept)) == to_be_kept


async def test_what_was_looked_at_is_back_before_the_look_ends(pond: Service) -> None:
    """Else whoever lists and then drops would pass over some: the broker takes a moment to put them back."""
    names = pond.consumer.names
    for _ in range(50):
        assert len(await dead.parked(pond.settings.amqp_url, names)) == COUNT
