"""Taking turns: in one process, changes that meet at one document go one after the other.

Only for speed. Transactions that meet fail and run again, and with two hundred people at the door most of the work
would be thrown away. What keeps counts right is the transaction, in one process as in many.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from weakref import WeakKeyDictionary, WeakValueDictionary

from shared.mongo import Database

_turns: WeakKeyDictionary[Database, WeakValueDictionary[str, asyncio.Lock]] = WeakKeyDictionary()
_mine: ContextVar[str | None] = ContextVar("mycelium_turn", default=None)


@asynccontextmanager
async def in_turn(database: Database, identifier: str) -> AsyncIterator[None]:
    """Wait for one's turn at what this id names, and keep it for the block.

    Whoever has the turn, or stands inside a transaction already (it is too late to wait then), goes on at once.
    """
    if _mine.get() == identifier or database.joined():
        yield
        return
    turn = _turns.setdefault(database, WeakValueDictionary()).setdefault(identifier, asyncio.Lock())
    async with turn:
        token = _mine.set(identifier)
        try:
            yield
        finally:
            _mine.reset(token)
