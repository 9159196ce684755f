"""Continuing promotions that one change could not finish."""

from datetime import datetime

from services.events.events import store as events
from services.events.seats.promotion import fill_free_seats
from shared.commands import in_transaction
from shared.mongo import Database, Transaction


async def promote_waiting(database: Database, *, now: datetime, at_most: int = 100) -> int:
    """Do one more step for each of at most `at_most` events where seats are free and people wait.

    Gives how many were promoted. Safe in many replicas at once: each step begins by writing the event, so of two the
    later one sees what is left.
    """
    event_ids = await events.with_seats_for_those_who_wait(database, now, at_most)
    return sum([await _promote_at(database, event_id, now=now) for event_id in event_ids])


@in_transaction(lock="event_id")
async def _promote_at(tx: Transaction, event_id: str, *, now: datetime) -> int:
    before = await events.hold_line(tx.database, event_id)
    if before.audience_check is not None:  # those who wait may not see the event any more
        return 0
    after = await fill_free_seats(tx, before, now)
    await events.save_counts(tx.database, after)
    return after.confirmed_count - before.confirmed_count
