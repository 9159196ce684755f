"""Turns: one at a time in a process, nobody waits in vain, and nothing is left behind."""

import asyncio
import gc
from collections.abc import AsyncIterator

import pytest

from shared import locks
from shared.ids import new_id
from shared.locks import locked
from shared.mongo import Database, Mongo, Transaction


@pytest.fixture
async def database(mongo_url: str, namespace: str) -> AsyncIterator[Database]:
    mongo = Mongo(mongo_url)
    yield mongo.database(f"{namespace}-turns")
    await mongo.close()


async def test_one_at_a_time_in_the_order_of_coming(database: Database) -> None:
    event_id, inside, order = new_id("evt"), 0, []

    async def go(number: int) -> None:
        nonlocal inside
        async with locked(database, event_id):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0)
            order.append(number)
            inside -= 1

    await asyncio.gather(*(go(number) for number in range(20)))
    assert order == list(range(20))


async def test_other_events_do_not_wait(database: Database) -> None:
    async with locked(database, new_id("evt")):
        await asyncio.wait_for(_pass(database, new_id("evt")), 1)


async def test_who_has_the_turn_does_not_wait_for_it_again(database: Database) -> None:
    event_id = new_id("evt")
    async with locked(database, event_id), asyncio.timeout(1), locked(database, event_id):
        pass


async def test_inside_a_transaction_nobody_waits(database: Database) -> None:
    event_id = new_id("evt")
    taken, done = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with locked(database, event_id):
            taken.set()
            await done.wait()

    async def work(tx: Transaction) -> bool:
        async with asyncio.timeout(1), locked(database, event_id):
            return True

    holder = asyncio.create_task(hold())
    await taken.wait()
    try:
        assert await database.transaction(work)
    finally:
        done.set()
        await holder


async def test_a_turn_is_given_back_when_its_work_fails(database: Database) -> None:
    event_id = new_id("evt")
    with pytest.raises(RuntimeError):
        async with locked(database, event_id):
            raise RuntimeError("the hand slipped")
    await asyncio.wait_for(_pass(database, event_id), 1)


async def test_events_that_nobody_stands_at_are_forgotten(database: Database) -> None:
    event_id = new_id("evt")
    await _pass(database, event_id)
    gc.collect()
    assert event_id not in locks._locks[database]


async def _pass(database: Database, event_id: str) -> None:
    async with locked(database, event_id):
        pass
