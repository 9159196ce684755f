"""The polling door read while messages come: whoever goes on from the last sequence misses none before it."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from services.notify.log import store
from services.notify.log.feature import FEATURE
from services.notify.log.model import LoggedMessage
from services.notify.visibility import in_hubs
from shared import clock
from shared.ids import new_id
from shared.mongo import Database, Mongo, Transaction
from shared.paging import page_request
from shared.settings import Settings

OTHERS, COUNT = 2000, 600
HUBS = ("one", "two")


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """A log that is mostly about other hubs, on a server that lets others in between any two steps of a query."""
    mongo = Mongo(settings.mongo_url)
    given = mongo.database(settings.database_name("growing"))
    await given.ensure_indexes(FEATURE.all_indexes())
    await append(given, [f"other-{n % 50}" for n in range(OTHERS)])
    parameter = "internalQueryExecYieldIterations"
    before = (await mongo.client.admin.command("getParameter", 1, **{parameter: 1}))[parameter]
    await mongo.client.admin.command("setParameter", 1, **{parameter: 1})
    try:
        yield given
    finally:
        await mongo.client.admin.command("setParameter", 1, **{parameter: before})
        await mongo.close()


def a_message(hub: str, sequence: int) -> LoggedMessage:
    return LoggedMessage(
        id=new_id("msg"),
        sequence=sequence,
        topic="pond.stone_thrown",
        type="pond.stone_thrown.v1",
        hub_id=hub,
        subject="stone",
        time=clock.now(),
        body=b"{}",
    )


async def append(database: Database, hubs: list[str]) -> None:
    async def work(tx: Transaction) -> None:
        await store.append(tx.database, [partial(a_message, hub) for hub in hubs])

    await database.transaction(work)


async def test_a_poller_of_several_hubs_misses_nothing(database: Database) -> None:
    seen: list[int] = []

    async def write() -> None:
        for _ in range(COUNT // len(HUBS)):
            await append(database, list(HUBS))

    async def poll() -> None:
        while len(seen) < COUNT and (not seen or seen[-1] < OTHERS + COUNT):
            after = seen[-1] if seen else 0
            asked = {"sequence": {"$gt": after}}
            page = await store.page(database, asked, page_request(100), in_hubs(HUBS))
            seen.extend(message.sequence for message in page.nodes)

    await asyncio.gather(write(), poll())
    assert seen == list(range(OTHERS + 1, OTHERS + COUNT + 1))
