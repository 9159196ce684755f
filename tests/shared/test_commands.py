"""The form of a command: `in_transaction` owns the transaction, the lock and what happens after a duplicate."""

from collections.abc import AsyncIterator

import pytest

from shared.commands import in_transaction
from shared.errors import Conflict
from shared.mongo import Database, DuplicateKeyError, Index, Mongo, Transaction


@pytest.fixture
async def database(mongo_url: str, namespace: str) -> AsyncIterator[Database]:
    mongo = Mongo(mongo_url)
    database = mongo.database(f"{namespace}-commands")
    await database.ensure_indexes({"things": [Index([("slug", 1)], unique=True)]})
    yield database
    await mongo.drop_database(database.name)
    await mongo.close()


class Taken(Conflict):
    code = "taken"


async def _add(tx: Transaction, slug: str) -> None:
    await tx.database["things"].insert_one({"slug": slug})


async def test_a_duplicate_becomes_the_problem_that_was_declared(database: Database) -> None:
    plain, declared = in_transaction()(_add), in_transaction(duplicate=Taken)(_add)
    await declared(database, "one")
    with pytest.raises(Taken):
        await declared(database, "one")
    with pytest.raises(DuplicateKeyError):
        await plain(database, "one")


async def test_after_a_duplicate_a_command_looks_once_more_if_declared(database: Database) -> None:
    await in_transaction()(_add)(database, "two")
    runs = 0

    @in_transaction(retry_duplicate=True)
    async def add_or_find(tx: Transaction) -> str:
        nonlocal runs
        runs += 1
        if runs == 1:  # as if the other one had not been seen yet
            await _add(tx, "two")
        return "found"

    assert await add_or_find(database) == "found"
    assert runs == 2


@pytest.mark.parametrize(("apart", "left"), [(True, 1), (False, 0)])
async def test_what_a_command_does_apart_stays_although_the_caller_fails(
    database: Database, apart: bool, left: int
) -> None:
    add = in_transaction(apart=apart)(_add)

    async def caller(tx: Transaction) -> None:
        await add(tx.database, "three")
        raise Taken

    with pytest.raises(Taken):
        await database.transaction(caller)
    assert await database["things"].count_documents({"slug": "three"}) == left


async def test_a_lock_is_taken_by_an_argument_that_exists() -> None:
    with pytest.raises(TypeError, match="hub_id"):
        in_transaction(lock="hub_id")(_add)
