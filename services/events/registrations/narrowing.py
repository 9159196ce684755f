"""Asking membership who may no longer see an event, after its audience was narrowed.

Events knows no memberships. It asks membership about the registered people in bounded steps: first those who wait, then
those with a seat. `departures` cancels the registrations of the people whom the answer names. How far it has asked is
kept on the event, so that a loop in any replica goes on, also after a crash. Organisers keep their seats, and so do
people whom an organiser registered: they need not be members.
"""

from datetime import datetime

from services.events.access import members_only_place
from services.events.addressing import record
from services.events.events import store as events
from services.events.events.model import AudienceCheck
from services.events.seats import store
from shared.commands import in_transaction
from shared.contracts.events.registrations import AudienceNarrowed, RegistrationStatus
from shared.mongo import Database, Transaction

ASKED_AT_ONCE = 100


async def ask_about_narrowed(database: Database, *, at_most: int = 100, now: datetime) -> int:
    """Do one more step for each of at most `at_most` events whose check is not finished.

    Gives how many events it looked at. Safe in many replicas at once: each step begins by writing the event.
    """
    event_ids = await events.with_audience_check(database, at_most)
    for event_id in event_ids:
        await _ask_about(database, event_id, now=now)
    return len(event_ids)


@in_transaction(lock="event_id")
async def _ask_about(tx: Transaction, event_id: str, *, now: datetime) -> None:
    event = await events.hold_line(tx.database, event_id)
    check = event.audience_check
    if check is None:
        return
    if not event.is_open(now) or members_only_place(event) is None:
        await events.save_audience_check(tx.database, event.id, None)
        return
    found = await store.next_in_line(tx.database, event.id, check.status, check.after_line, ASKED_AT_ONCE)
    asked = [one.person_id for one in found if not one.by_organiser and one.person_id not in event.organiser_ids]
    if asked:
        message = AudienceNarrowed(
            event_id=event.id,
            hub_id=event.hub_id,
            group_id=event.group_id,
            visibility=event.visibility,
            person_ids=asked,
            version=event.version,
        )
        record(tx, event, message)
    following: AudienceCheck | None = None
    if len(found) == ASKED_AT_ONCE:
        following = AudienceCheck(status=check.status, after_line=found[-1].line)
    elif check.status is RegistrationStatus.WAITLISTED:
        following = AudienceCheck(status=RegistrationStatus.CONFIRMED)
    await events.save_audience_check(tx.database, event.id, following)
