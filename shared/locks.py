"""Locks by id, in one process: changes that meet at one document go one after the other.

Only for speed. Transactions that meet fail and run again, and with two hundred people at the door most of the work
would be thrown away. What keeps counts right is the transaction, in one process as in many.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from weakref import WeakKeyDictionary, WeakValueDictionary

from shared.mongo import Database

_locks: WeakKeyDictionary[Database, WeakValueDictionary[str, asyncio.Lock]] = WeakKeyDictionary()
_held: ContextVar[str | None] = ContextVar("mycelium_lock", default=None)


@asynccontextmanager
async def locked(database: Database, identifier: str) -> AsyncIterator[None]:
    """Wait for the lock on what this id names, and hold it for the block.

    Whoever holds it, or stands inside a transaction already (it is too late to wait then), goes on at once.
    """
    if _held.get() == identifier or database.joined():
        yield
        return
    lock = _locks.setdefault(database, WeakValueDictionary()).setdefault(identifier, asyncio.Lock())
    async with lock:
        token = _held.set(identifier)
        try:
            yield
        finally:
            _held.reset(token)
