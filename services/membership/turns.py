"""Which turn a request with an `Idempotency-Key` waits for before its transaction begins.

Waiting inside it would leave it with an old view of what it waited for, and so in vain.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from shared.mongo import Database
from shared.turns import in_turn


@asynccontextmanager
async def turn_of_request(database: Database, named: Mapping[str, Any]) -> AsyncIterator[None]:
    """The turn at the group a request's path names; else none."""
    group_id = named.get("group_id")
    if group_id is None:
        yield
        return
    async with in_turn(database, group_id):
        yield
