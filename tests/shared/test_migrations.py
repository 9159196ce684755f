"""Changes of stored documents: in order, recorded, resumed where they stopped, and harmless when run twice."""

from collections.abc import AsyncIterator

import pytest

from shared import migrations
from shared.migrations import Migration, Progress, migrate, pending
from shared.mongo import Database, Document, Mongo, Transaction


@pytest.fixture
async def database(mongo_url: str, namespace: str) -> AsyncIterator[Database]:
    mongo = Mongo(mongo_url)
    database = mongo.database(f"{namespace}-migrations")
    await database.ensure_indexes({"things": [], **migrations.INDEXES})
    yield database
    await mongo.drop_database(database.name)
    await mongo.close()


async def double(tx: Transaction, document: Document) -> None:
    """A change that shows when it is made twice."""
    await tx.database["things"].update_one({"_id": document["_id"]}, {"$set": {"n": document["n"] * 2}})


DOUBLE = Migration("2026-01-01-double", "things", double)


async def add_things(database: Database, count: int) -> None:
    await database["things"].insert_many([{"_id": f"{number:04}", "n": 1} for number in range(count)])


async def run(database: Database, *wanted: Migration) -> list[Progress]:
    return [progress async for progress in migrate(database, wanted)]


async def values(database: Database) -> set[int]:
    return {document["n"] async for document in database["things"].find({})}


async def test_every_document_is_changed_once_however_often_it_runs(database: Database) -> None:
    await add_things(database, 450)
    told = await run(database, DOUBLE)
    assert [(step.documents, step.is_done) for step in told] == [(200, False), (400, False), (450, True)]
    assert await run(database, DOUBLE) == []
    assert await values(database) == {2}


async def test_one_that_was_stopped_goes_on_where_it_stopped(database: Database) -> None:
    await add_things(database, 450)
    looked_at = 0

    async def stumble(tx: Transaction, document: Document) -> None:
        nonlocal looked_at
        looked_at += 1
        if looked_at == 300:
            raise RuntimeError("the power went")
        await double(tx, document)

    with pytest.raises(RuntimeError):
        await run(database, Migration(DOUBLE.name, "things", stumble))
    assert await pending(database, [DOUBLE]) == [DOUBLE.name]
    await run(database, DOUBLE)
    assert await values(database) == {2}
    assert await pending(database, [DOUBLE]) == []


async def test_they_run_in_the_order_of_their_names(database: Database) -> None:
    await add_things(database, 1)

    async def add_one(tx: Transaction, document: Document) -> None:
        await tx.database["things"].update_one({"_id": document["_id"]}, {"$inc": {"n": 1}})

    await run(database, Migration("2026-02-01-add-one", "things", add_one), DOUBLE)
    assert await values(database) == {3}


async def test_a_collection_without_documents_is_done_at_once(database: Database) -> None:
    assert [step.is_done for step in await run(database, DOUBLE)] == [True]
