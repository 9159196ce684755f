"""Taking turns: in one process, changes to the registrations of one event go one after the other.

Only for speed. Transactions that meet at one event fail and run again, and with two hundred people at the door most of
the work would be thrown away. What keeps an event from being oversold is the transaction, in one process as in many.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

from services.events.registrations import store as registrations
from shared.mongo import Database

_turns: WeakKeyDictionary[Database, WeakValueDictionary[str, asyncio.Lock]] = WeakKeyDictionary()
_mine: ContextVar[str | None] = ContextVar("mycelium_turn", default=None)


@asynccontextmanager
async def in_turn(database: Database, event_id: str) -> AsyncIterator[None]:
    """Wait for one's turn at this event, and keep it for the block.

    Whoever has the turn, or stands inside a transaction already (it is too late to wait then), goes on at once.
    """
    if _mine.get() == event_id or database.joined():
        yield
        return
    turns = _turns.setdefault(database, WeakValueDictionary())
    turn = turns.get(event_id)
    if turn is None:
        turn = turns[event_id] = asyncio.Lock()
    async with turn:
        token = _mine.set(event_id)
        try:
            yield
        finally:
            _mine.reset(token)


@asynccontextmanager
async def turn_of_request(database: Database, named: Mapping[str, Any]) -> AsyncIterator[None]:
    """The turn at the event which a request's path names, by itself or by a registration for it; else none.

    Taken before the transaction that an `Idempotency-Key` begins: waiting inside it would leave it with an old view of
    the event, and so in vain.
    """
    event_id = named.get("event_id")
    if event_id is None and "registration_id" in named:
        registration = await registrations.find(database, named["registration_id"])
        event_id = registration.event_id if registration is not None else None
    if event_id is None:
        yield
        return
    async with in_turn(database, event_id):
        yield
