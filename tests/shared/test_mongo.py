"""The driver's room, under both drivers: transactions join, retry, abort whole, and notice stale writes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from itertools import count

import pytest

from shared.errors import Unavailable
from shared.mongo import Database, DuplicateKeyError, Index, Mongo, Stale, Transaction, save_versioned, watch
from tests.support.waiting import eventually


@pytest.fixture(params=["motor", "pymongo"])
async def database(request: pytest.FixtureRequest, mongo_url: str, namespace: str) -> AsyncIterator[Database]:
    mongo = Mongo(mongo_url, request.param)
    database = mongo.database(f"{namespace}-{request.param}")
    await database.ensure_indexes({"things": [Index([("slug", 1)], unique=True, where={"slug": {"$type": "string"}})]})
    await database.ensure_indexes({"things": []})
    yield database
    await mongo.drop_database(database.name)
    await mongo.close()


async def test_what_a_transaction_does_is_all_there_or_not_at_all(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        await database["things"].insert_one({"_id": 1})
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.transaction(work)
    assert await database["things"].count_documents({}) == 0


async def test_concurrent_changes_of_one_document_are_retried_until_all_are_in(database: Database) -> None:
    await database["things"].insert_one({"_id": 1, "count": 0})

    async def add(tx: Transaction) -> None:
        found = await database["things"].find_one({"_id": 1})
        await database["things"].update_one({"_id": 1}, {"$set": {"count": found["count"] + 1}})

    await asyncio.gather(*(database.transaction(add) for _ in range(12)))
    assert (await database["things"].find_one({"_id": 1}))["count"] == 12


async def test_a_transaction_inside_another_joins_it(database: Database) -> None:
    async def inner(tx: Transaction) -> None:
        await database["things"].insert_one({"_id": 2})

    async def outer(tx: Transaction) -> None:
        await database.transaction(inner)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.transaction(outer)
    assert await database["things"].count_documents({}) == 0


async def test_a_read_in_a_transaction_sees_what_the_transaction_wrote(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        await database["things"].insert_one({"_id": 7})
        assert await database["things"].find_one({"_id": 7}) is not None
        assert [one["_id"] async for one in database["things"].find({})] == [7]
        assert await database["things"].count_documents({}) == 1
        assert await database["things"].aggregate([{"$count": "n"}]) == [{"n": 1}]

    await database.transaction(work)


async def test_a_read_outside_the_transaction_sees_only_what_is_committed(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        await database["things"].insert_one({"_id": 8})
        assert await database.outside_transaction("things").find_one({"_id": 8}) is None

    await database.transaction(work)
    assert await database.outside_transaction("things").find_one({"_id": 8}) is not None


async def test_a_task_that_outlives_a_transaction_no_longer_joins_it(database: Database) -> None:
    begun: list[asyncio.Task[None]] = []
    committed = asyncio.Event()

    async def later() -> None:
        await committed.wait()
        assert not database.joined()
        await database["things"].insert_one({"_id": 9})

    async def work(tx: Transaction) -> None:
        begun.append(asyncio.create_task(later()))

    await database.transaction(work)
    committed.set()
    await begun[0]
    assert await database["things"].count_documents({"_id": 9}) == 1


async def test_a_transaction_of_one_database_is_not_joined_by_another(database: Database) -> None:
    other = Database(database._client, "motor" if database._is_motor else "pymongo", f"{database.name}-other")

    async def work(tx: Transaction) -> None:
        await other["things"].insert_one({"_id": 1})
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.transaction(work)
    assert await other["things"].count_documents({}) == 1
    await other.driver.drop_collection("things")


async def test_one_apart_is_kept_although_the_other_is_refused(database: Database) -> None:
    async def count(tx: Transaction) -> None:
        await database["things"].insert_one({"_id": 3})

    async def outer(tx: Transaction) -> None:
        await database.transaction(count, apart=True)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.transaction(outer)
    assert await database["things"].count_documents({}) == 1


async def test_hooks_run_once_after_the_commit_that_stands(database: Database) -> None:
    rung: list[int] = []

    async def work(tx: Transaction) -> None:
        tx.after_commit.append(lambda: rung.append(1))

    await database.transaction(work)
    assert rung == [1]


async def test_a_stale_document_is_not_saved(database: Database) -> None:
    await database["things"].insert_one({"_id": 4, "version": 1})
    await save_versioned(database["things"], {"_id": 4, "version": 2})
    with pytest.raises(Stale):
        await save_versioned(database["things"], {"_id": 4, "version": 2})


async def test_a_unique_index_holds(database: Database) -> None:
    await database["things"].insert_one({"_id": 5, "slug": "a"})
    with pytest.raises(DuplicateKeyError):
        await database["things"].insert_one({"_id": 6, "slug": "a"})


async def test_a_pipeline_gives_its_documents(database: Database) -> None:
    await database["things"].insert_many([{"_id": n, "n": n} for n in range(3)])
    assert await database["things"].aggregate([{"$group": {"_id": None, "sum": {"$sum": "$n"}}}]) == [
        {"_id": None, "sum": 3}
    ]


async def test_whoever_watches_sees_changes_as_they_commit(database: Database) -> None:
    async with aclosing(watch(database, [{"$match": {"operationType": "insert"}}])) as changes:
        first = asyncio.ensure_future(anext(changes))
        numbers = count()

        async def seen() -> bool:  # nothing says when watching began, so one is put in until one is seen
            await database["things"].insert_one({"_id": next(numbers)})
            return first.done()

        await eventually(seen)
        assert (await first)["fullDocument"].keys() == {"_id"}


async def test_an_index_whose_definition_changed_is_made_anew(database: Database) -> None:
    await database.ensure_indexes({"things": [Index([("at", 1)])]})
    await database.ensure_indexes({"things": [Index([("at", 1)], expire_after_seconds=60)]})
    found = await database["things"].index_information()
    assert found["at_1"]["expireAfterSeconds"] == 60


async def test_endless_conflicts_end_in_a_problem_that_says_try_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.mongo.database.GIVE_UP_SECONDS", 0.5)
    await database["things"].insert_one({"_id": 1, "count": 0})

    async def holding(tx: Transaction) -> None:
        await database["things"].update_one({"_id": 1}, {"$inc": {"count": 1}})

        async def other(inner: Transaction) -> None:
            await database["things"].update_one({"_id": 1}, {"$inc": {"count": 1}})

        with pytest.raises(Unavailable) as refused:
            await database.transaction(other, apart=True)
        assert refused.value.code == "too_busy"

    await database.transaction(holding)
    assert (await database["things"].find_one({"_id": 1}))["count"] == 1
