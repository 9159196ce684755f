"""Taking turns: in one process, people come into one group, and leave it, one after the other.

Only for speed. Each of them changes the group's count, so of transactions that meet there all but one fail and run
again. What keeps the count right is the transaction, in one process as in many.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

from shared.mongo import Database

_turns: WeakKeyDictionary[Database, WeakValueDictionary[str, asyncio.Lock]] = WeakKeyDictionary()
_mine: ContextVar[str | None] = ContextVar("mycelium_group_turn", default=None)


@asynccontextmanager
async def in_turn(database: Database, group_id: str) -> AsyncIterator[None]:
    """Wait for one's turn at this group, and keep it for the block.

    Whoever has the turn, or stands inside a transaction already (it is too late to wait then), goes on at once.
    """
    if _mine.get() == group_id or database.joined():
        yield
        return
    turns = _turns.setdefault(database, WeakValueDictionary())
    turn = turns.setdefault(group_id, asyncio.Lock())
    async with turn:
        token = _mine.set(group_id)
        try:
            yield
        finally:
            _mine.reset(token)


@asynccontextmanager
async def turn_of_request(database: Database, named: Mapping[str, Any]) -> AsyncIterator[None]:
    """The turn at the group a request's path names; taken before an `Idempotency-Key` begins its transaction."""
    group_id = named.get("group_id")
    if group_id is None:
        yield
        return
    async with in_turn(database, group_id):
        yield
