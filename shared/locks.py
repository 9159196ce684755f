"""Locks by id, in one process: changes of the same document run one after the other.

Locks are only for speed. Transactions that conflict fail and run again, so with two hundred people registering at once
most of the work would be repeated. The transaction keeps counts correct, in one process and in many.
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
    """Wait for the lock on this id, and hold it for the block.

    It does not wait when the task holds the lock already, or is inside a transaction: that transaction has its
    snapshot already, so waiting would not help.
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
