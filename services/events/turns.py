"""Which turn a request with an `Idempotency-Key` waits for before its transaction begins.

Waiting inside it would leave it with an old view of what it waited for, and so in vain.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from services.events.registrations import store as registrations
from shared.mongo import Database
from shared.turns import in_turn


@asynccontextmanager
async def turn_of_request(database: Database, named: Mapping[str, Any]) -> AsyncIterator[None]:
    """The turn at the event which a request's path names, by itself or by a registration for it; else none."""
    event_id = named.get("event_id")
    if event_id is None and "registration_id" in named:
        registration = await registrations.find(database, named["registration_id"])
        event_id = registration.event_id if registration is not None else None
    if event_id is None:
        yield
        return
    async with in_turn(database, event_id):
        yield
