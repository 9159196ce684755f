"""Records each step of a load in the transaction of that step, so an interrupted load continues where it stopped.

Each step has one row in the collection `demo` of its service's database: the ids it created, by the plan's keys.
"""

from collections.abc import Awaitable, Callable

from shared.logging import log
from shared.mongo import Database, TooBusy, Transaction

COLLECTION = "demo"
EVERYTHING = "everything"  # the last step, in membership's database
PATIENCE = 5
"""How often a step that is too busy is tried again. No caller waits for a load, so it may take longer than usual."""
Made = dict[str, str]


async def once(database: Database, step: str, make: Callable[[], Awaitable[Made]]) -> Made:
    """Run `make` in one transaction, unless this step was done before. Returns the ids it made."""

    async def work(tx: Transaction) -> Made:
        row = await database[COLLECTION].find_one({"_id": step})
        if row is not None:
            return dict(row["made"])
        made = await make()
        await database[COLLECTION].insert_one({"_id": step, "made": made})
        return made

    for _ in range(PATIENCE):
        try:
            return await database.transaction(work)
        except TooBusy:
            log.info("demo_waits", step=step)
    return await database.transaction(work)


async def is_made(database: Database, step: str) -> bool:
    """Whether a step is done."""
    return await database[COLLECTION].find_one({"_id": step}, {"_id": 1}) is not None
