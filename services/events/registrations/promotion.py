"""Giving free seats to those who wait, strictly in order, in steps that fit into a transaction.

One step promotes at most `MOST_AT_ONCE`. When more seats are free, the change that freed them does the first step, and
a loop in every replica does the others. Nothing needs to be remembered for that: an event with free seats and somebody
waiting is found in the database, also after a crash. Until the line is empty, newcomers go to its end.
"""

from datetime import datetime

from services.events.gatherings import store as events
from services.events.gatherings.model import Event
from services.events.registrations import model, store
from services.events.registrations.messages import fields_of, record
from shared.contracts.events.registrations import RegistrationPromoted
from shared.locks import locked
from shared.mongo import Database, Transaction

MOST_AT_ONCE = 500


async def fill_free_seats(tx: Transaction, event: Event, now: datetime, at_most: int | None = None) -> Event:
    """Promote from the line, strictly in order, as many as there are free seats; at most one step, or `at_most`.

    Gives the event with new counts, which the caller saves. Nobody is promoted at an event that is not open any more.
    """
    if not event.is_open(now) or event.waitlist_count == 0 or not event.has_room:
        return event
    step = MOST_AT_ONCE if at_most is None else at_most
    waiting = await store.first_in_line(tx, event.id, step if event.free_seats is None else min(step, event.free_seats))
    if not waiting:
        return event
    promoted = [model.promote(one, now) for one in waiting]
    await store.save_promoted(tx, promoted, now)
    for one in promoted:
        record(tx, event, RegistrationPromoted(**fields_of(event, one)))
    return event.model_copy(
        update={
            "confirmed_count": event.confirmed_count + len(promoted),
            "waitlist_count": event.waitlist_count - len(promoted),
        }
    )


async def promote_waiting(database: Database, *, now: datetime, at_most: int = 100) -> int:
    """One more step for each event, of at most so many, where seats are free and people wait. Gives how many were
    promoted.

    Safe in many replicas at once: each step begins by writing the event, so of two the later one sees what is left.
    """
    promoted = 0
    for event_id in await events.with_seats_for_who_waits(database, now, at_most):

        async def step(tx: Transaction, event_id: str = event_id) -> int:
            before = await events.hold_line(tx, event_id)
            after = await fill_free_seats(tx, before, now)
            await events.save_counts(tx, after)
            return after.confirmed_count - before.confirmed_count

        async with locked(database, event_id):
            promoted += await database.transaction(step)
    return promoted
