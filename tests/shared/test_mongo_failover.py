"""What a change of primary does to a transaction, under both drivers: it is carried out again, or refused clearly."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.mongo import Database, Mongo, Transaction


@pytest.fixture(params=["motor", "pymongo"])
async def mongo(request: pytest.FixtureRequest, mongo_url: str) -> AsyncIterator[Mongo]:
    mongo = Mongo(mongo_url, request.param)
    yield mongo
    await mongo.close()


@pytest.fixture
async def database(mongo: Mongo, namespace: str) -> AsyncIterator[Database]:
    database = mongo.database(f"{namespace}-{mongo.driver}")
    await database.ensure_indexes({"things": []})
    yield database
    await mongo.drop_database(database.name)


async def test_a_transaction_that_is_gone_when_it_commits_is_carried_out_again(
    mongo: Mongo, database: Database
) -> None:
    """A primary that steps down forgets what was not committed."""
    runs = 0

    async def forget_the_first(tx: Transaction) -> None:
        if runs == 1:
            await mongo.client.admin.command({"killSessions": [tx.session.session_id]})

    async def work(tx: Transaction) -> None:
        nonlocal runs
        runs += 1
        await database["things"].insert_one({"_id": runs})

    database.before_commit.append(forget_the_first)
    await database.transaction(work)
    assert [one["_id"] async for one in database["things"].find()] == [2]


async def test_a_connection_made_during_an_election_is_made_anew(mongo: Mongo, database: Database) -> None:
    """The driver takes down at the first word what a server can do, and one that stands for election can do little."""
    await database["things"].insert_one({"_id": 1})
    for connection in connections(mongo):
        connection.supports_sessions = False

    async def work(tx: Transaction) -> None:
        await database["things"].insert_one({"_id": 2})

    await database.transaction(work)
    assert await database["things"].count_documents({}) == 2
    assert all(connection.supports_sessions for connection in connections(mongo))


def connections(mongo: Mongo) -> list[Any]:
    """The client's idle connections."""
    client = mongo.client if mongo.driver == "pymongo" else mongo.client.delegate
    return [one for server in client._topology._servers.values() for one in server.pool.conns]
