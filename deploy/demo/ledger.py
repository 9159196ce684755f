"""What has been loaded, noted in the same transaction that loads it: a load that broke off goes on where it stopped.

One row a step in the collection `demo` of each service's database: the ids that the step made, by the plan's keys.
"""

from collections.abc import Awaitable, Callable

from shared.logging import log
from shared.mongo import Database, TooBusy, Transaction

COLLECTION = "demo"
EVERYTHING = "everything"  # the last step, in membership's database
PATIENCE = 5
"""How often a step that others kept from its documents is tried again: nobody waits for an answer, as at a service."""
Made = dict[str, str]


async def once(database: Database, step: str, make: Callable[[], Awaitable[Made]]) -> Made:
    """Run `make`, all of whose commands join one transaction, unless this step was made before. Gives the ids."""

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
    """Whether a step was made."""
    return await database[COLLECTION].find_one({"_id": step}, {"_id": 1}) is not None
