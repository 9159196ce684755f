"""Giving free seats to those who wait, strictly in order, in steps that fit into a transaction.

One step promotes at most `MOST_AT_ONCE`. When more seats are free, the change that freed them does the first step, and
a loop in every replica does the others. Nothing else is stored for that: the loop finds events with free seats and
a waitlist in the database, also after a crash. Until the line is empty, newcomers go to its end.
"""

from datetime import datetime
from typing import TypeVar

from services.events.seats import model, store
from services.events.seats.messages import fields_of, record_of_registration
from services.events.seats.model import HasSeats
from shared.contracts.events.registrations import RegistrationPromoted
from shared.mongo import Transaction

MOST_AT_ONCE = 500
E = TypeVar("E", bound=HasSeats)


async def fill_free_seats(tx: Transaction, event: E, now: datetime, at_most: int | None = None) -> E:
    """Promote from the line, strictly in order, as many as there are free seats; at most one step, or `at_most`.

    Gives the event with new counts, which the caller saves. Nobody is promoted at an event that is not open any more.
    """
    due = model.promotions_due(event, now, MOST_AT_ONCE if at_most is None else at_most)
    if due == 0:  # to the database, a limit of 0 is none
        return event
    waiting = await store.first_in_line(tx.database, event.id, due)
    if not waiting:
        return event
    promoted = [model.promote(one, now) for one in waiting]
    await store.save_promoted(tx.database, promoted, now)
    for one in promoted:
        record_of_registration(tx, event, RegistrationPromoted(**fields_of(event, one)))
    return event.with_counts(confirmed=len(promoted), waiting=-len(promoted))
