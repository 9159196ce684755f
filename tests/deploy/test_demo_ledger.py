"""One step of loading the demo community."""

import asyncio

import pytest

from deploy.demo.ledger import is_made, once
from shared.mongo import Mongo, TooBusy, Transaction
from shared.settings import Settings


async def test_a_step_outwaits_whoever_holds_its_documents(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.mongo.database.GIVE_UP_SECONDS", 0.1)
    mongo = Mongo(settings.mongo_url)
    database = mongo.database(settings.database_name("ledger"))
    await database["things"].insert_one({"_id": 1, "count": 0})
    holding, tried = asyncio.Event(), asyncio.Event()
    tries = 0

    async def hold(tx: Transaction) -> None:
        await database["things"].update_one({"_id": 1}, {"$inc": {"count": 10}})
        holding.set()
        await tried.wait()

    async def make() -> dict[str, str]:
        async def count(tx: Transaction) -> None:
            await database["things"].update_one({"_id": 1}, {"$inc": {"count": 1}})

        await database.transaction(count)
        return {"thing": "1"}

    real = database.transaction

    async def counted(work: object, *, apart: bool = False) -> object:
        nonlocal tries
        try:
            return await real(work, apart=apart)  # type: ignore[arg-type]
        except TooBusy:
            tries += 1
            if tries == 2:
                tried.set()
            raise

    async with asyncio.TaskGroup() as together:
        together.create_task(real(hold))
        await holding.wait()
        monkeypatch.setattr(database, "transaction", counted)
        assert await once(database, "a step", make) == {"thing": "1"}
    row = await database["things"].find_one({"_id": 1})
    assert row["count"] == 11
    assert tries >= 2
    assert await is_made(database, "a step")
    await mongo.close()
