"""The commands on events. Each loads, applies the rules, saves and records a message, in one transaction."""

from datetime import datetime
from typing import Any

from services.events.access import blaming, require_change, require_host
from services.events.addressing import record
from services.events.events import rules, store
from services.events.events.model import Event
from services.events.groups import store as groups
from services.events.groups.commands import expect_not_archived
from services.events.seats.promotion import fill_free_seats
from shared.auth import Principal
from shared.commands import in_transaction
from shared.contracts.events.events import (
    EventCancelled,
    EventChanged,
    EventChanges,
    EventCompleted,
    EventCreated,
    EventPublished,
    EventStatus,
    NewEvent,
)
from shared.errors import NotFound
from shared.ids import new_id
from shared.mongo import Database, Transaction, expect_version


@in_transaction()
async def create_event(tx: Transaction, principal: Principal, new: NewEvent, *, now: datetime) -> Event:
    """Make a draft. Raises `NotFound` for a hub or group the caller does not look after, and the problems of its times.

    The gateway checks that the organisers exist: this service does not know people.
    """
    require_host(principal, new.hub_id, new.group_id)
    rules.check_start(new.starts_at, now)
    rules.check_times(new.starts_at, new.ends_at)
    rules.check_visibility(new.visibility, new.group_id)
    organisers = new.organiser_ids
    if organisers is None:
        organisers = [principal.person_id] if principal.person_id is not None else []
    event = Event(
        **new.model_dump(exclude={"organiser_ids"}),
        id=new_id("evt"),
        status=EventStatus.DRAFT,
        organiser_ids=organisers,
        created_at=now,
    )
    await _check_group(tx.database, event.hub_id, event.group_id)
    await store.add(tx.database, event)
    record(tx, event, EventCreated(**_about(event)))
    return event


@in_transaction(lock="event_id")
async def edit_event(
    tx: Transaction, principal: Principal, event_id: str, changes: EventChanges, *, now: datetime
) -> Event:
    """Change the fields that were sent; more seats promote those who wait, in order: some at once, the rest soon.

    Raises `NotFound`, `Stale` when `version` is sent and no longer true, `EventIsOver`, `CapacityBelowConfirmed`, and
    the problems of its times. When nothing differs, nothing is changed or recorded.
    """
    before = await _get_changeable(tx, principal, event_id)
    expect_version(changes.version, before.version)
    fields = {name: value for name, value in changes.sent().items() if getattr(before, name) != value}
    if not fields:
        return before
    if "hub_id" in fields or "group_id" in fields:
        hub_id, group_id = fields.get("hub_id", before.hub_id), fields.get("group_id", before.group_id)
        with blaming(fields):
            require_host(principal, hub_id, group_id)
            await _check_group(tx.database, hub_id, group_id)
    after = rules.change(before, fields, now)
    left = [before.hub_id, *([before.group_id] if before.group_id else [])]
    record(tx, after, EventChanged(**_about(after), changed=sorted(fields)), *left, formerly=before)
    if after.audience_check is None:  # else whoever waits may not see it any more; the loop gives the seats afterwards
        after = await fill_free_seats(tx, after, now)
    await store.save(tx.database, after)
    return after


@in_transaction(lock="event_id")
async def publish_event(tx: Transaction, principal: Principal, event_id: str, *, now: datetime) -> Event:
    """Publish it: its audience sees it and can register.

    Raises `NotFound`, `EventIsOver`, `StartsInThePast`, `HostArchived`.

    An event that is published already does not change.
    """
    before = await _get_changeable(tx, principal, event_id)
    if before.status is EventStatus.PUBLISHED:
        return before
    event = rules.publish(before, now)
    await expect_not_archived(tx.database, event.hub_id, event.group_id)
    await store.save(tx.database, event)
    when = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    record(tx, event, EventPublished(**_about(event), **when, visibility=event.visibility))
    return event


@in_transaction(lock="event_id")
async def cancel_event(
    tx: Transaction, principal: Principal, event_id: str, reason: str | None = None, *, now: datetime
) -> Event:
    """Cancel it. Registrations stay and can be read. Raises `NotFound`, `EventIsOver`.

    An event that is cancelled already does not change.
    """
    before = await _get_changeable(tx, principal, event_id)
    if before.status is EventStatus.CANCELLED:
        return before
    event = rules.cancel(before, reason)
    await store.save(tx.database, event)
    record(tx, event, EventCancelled(**_about(event)))
    return event


@in_transaction(lock="event_id")
async def complete_event(tx: Transaction, principal: Principal, event_id: str, *, now: datetime) -> Event:
    """Complete it: it has taken place. Raises `NotFound`, `EventIsOver`, `NotPublished`, `NotStarted`.

    An event that is completed already does not change.
    """
    return await _complete(tx, await _get_changeable(tx, principal, event_id), now)


async def complete_ended_events(database: Database, *, now: datetime, at_most: int = 100) -> int:
    """Complete published events whose end has passed, each in its own transaction. Gives how many ids it looked at.

    Safe in many replicas at once: the second to come finds the event completed and does nothing.
    """
    event_ids = await store.ended(database, now, at_most)
    for event_id in event_ids:
        await _complete_if_ended(database, event_id, now=now)
    return len(event_ids)


@in_transaction(lock="event_id")
async def _complete_if_ended(tx: Transaction, event_id: str, *, now: datetime) -> None:
    event = await store.get(tx.database, event_id)
    if event.status is EventStatus.PUBLISHED and event.ends_at <= now:
        await _complete(tx, event, now)


async def _get_changeable(tx: Transaction, principal: Principal, event_id: str) -> Event:
    """The event. Raises `NotFound`, as if it were not there, unless the caller may change it."""
    event = await store.get(tx.database, event_id)
    require_change(principal, event)
    return event


async def _complete(tx: Transaction, before: Event, now: datetime) -> Event:
    if before.status is EventStatus.COMPLETED:
        return before
    event = rules.complete(before, now)
    await store.save(tx.database, event)
    record(
        tx,
        event,
        EventCompleted(
            **_about(event),
            ended_at=min(now, event.ends_at),
            organiser_ids=event.organiser_ids,
            confirmed_count=event.confirmed_count,
            visibility=event.visibility,
        ),
    )
    return event


async def _check_group(database: Database, hub_id: str, group_id: str | None) -> None:
    """Raise `NotFound`, naming `group_id`, for a group known to be another hub's.

    A group that is not known yet passes here: the routes wait for its message, and refuse a group that stays unknown.
    """
    if group_id is None:
        return
    home = await groups.find_hub(database, group_id)
    if home is not None and home != hub_id:
        raise NotFound(path=("group_id",))


def _about(event: Event) -> dict[str, Any]:
    return {"event_id": event.id, "hub_id": event.hub_id, "group_id": event.group_id, "version": event.version}
