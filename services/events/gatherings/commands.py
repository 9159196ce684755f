"""What can be done with an event. Each loads, applies the rule, saves and tells, in one transaction."""

from datetime import datetime
from typing import Any

from services.events.access import blaming, require_change, require_host
from services.events.gatherings import rules, store
from services.events.gatherings.model import Event
from services.events.groups import store as groups
from services.events.registrations.promotion import fill_free_seats
from services.events.telling import tell
from shared.auth import Principal
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
from shared.locks import locked
from shared.mongo import Database, Transaction, expect_version


async def create_event(database: Database, principal: Principal, new: NewEvent, *, now: datetime) -> Event:
    """Make a draft. Raises `NotFound` for a hub or group the caller does not look after, and what the times break.

    Events knows no people: the gateway vouches that the organisers named are there.
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

    async def work(tx: Transaction) -> Event:
        await _check_group(database, event.hub_id, event.group_id)
        await store.add(tx, event)
        tell(tx, event, EventCreated(**_about(event)))
        return event

    return await database.transaction(work)


async def edit_event(
    database: Database, principal: Principal, event_id: str, changes: EventChanges, *, now: datetime
) -> Event:
    """Change the given fields; more seats promote those who wait, in order: some at once, of very many the rest soon.

    Raises `NotFound`, `Stale` when `version` is given and no longer true, `EventIsOver`, `CapacityBelowConfirmed`, and
    what the times break. Nothing that differs: the event as it is, and nothing is told.
    """
    given = changes.sent()

    async def work(tx: Transaction) -> Event:
        before = await store.get(database, event_id)
        require_change(principal, before)
        expect_version(changes.version, before.version)
        fields = {name: value for name, value in given.items() if getattr(before, name) != value}
        if not fields:
            return before
        if "hub_id" in fields or "group_id" in fields:
            hub_id, group_id = fields.get("hub_id", before.hub_id), fields.get("group_id", before.group_id)
            with blaming(fields):
                require_host(principal, hub_id, group_id)
                await _check_group(database, hub_id, group_id)
        after = rules.change(before, fields, now)
        tell(
            tx,
            after,
            EventChanged(**_about(after), changed=sorted(fields)),
            before.hub_id,
            *([before.group_id] if before.group_id else []),
            formerly=before,
        )
        after = await fill_free_seats(tx, after, now)
        await store.save(tx, after)
        return after

    async with locked(database, event_id):
        return await database.transaction(work)


async def publish_event(database: Database, principal: Principal, event_id: str, *, now: datetime) -> Event:
    """Let it be seen and registered for. Raises `NotFound`, `EventIsOver`, `StartsInThePast`.

    Published already: as it is.
    """

    async def work(tx: Transaction) -> Event:
        before = await store.get(database, event_id)
        require_change(principal, before)
        if before.status is EventStatus.PUBLISHED:
            return before
        event = rules.publish(before, now)
        await store.save(tx, event)
        tell(
            tx,
            event,
            EventPublished(
                **_about(event), starts_at=event.starts_at, ends_at=event.ends_at, visibility=event.visibility
            ),
        )
        return event

    async with locked(database, event_id):
        return await database.transaction(work)


async def cancel_event(
    database: Database, principal: Principal, event_id: str, reason: str | None = None, *, now: datetime
) -> Event:
    """Call it off; registrations stay and can be read. Raises `NotFound`, `EventIsOver`.

    Cancelled already: as it is.
    """

    async def work(tx: Transaction) -> Event:
        before = await store.get(database, event_id)
        require_change(principal, before)
        if before.status is EventStatus.CANCELLED:
            return before
        event = rules.cancel(before, reason)
        await store.save(tx, event)
        tell(tx, event, EventCancelled(**_about(event)))
        return event

    async with locked(database, event_id):
        return await database.transaction(work)


async def complete_event(database: Database, principal: Principal, event_id: str, *, now: datetime) -> Event:
    """Say that it has taken place. Raises `NotFound`, `EventIsOver`, `NotPublished`, `NotStarted`.

    Completed already: as it is.
    """

    async def work(tx: Transaction) -> Event:
        before = await store.get(database, event_id)
        require_change(principal, before)
        return await _complete(tx, before, now)

    async with locked(database, event_id):
        return await database.transaction(work)


async def complete_ended_events(database: Database, *, now: datetime, at_most: int = 100) -> int:
    """Complete published events whose end has passed, each in its own transaction. Gives how many ids it looked at.

    Safe in many replicas at once: whoever comes second finds the event completed and does nothing.
    """
    ids = [event_id async for event_id in store.ended(database, now, at_most)]
    for event_id in ids:

        async def work(tx: Transaction, event_id: str = event_id) -> Event:
            event = await store.get(database, event_id)
            still_due = event.status is EventStatus.PUBLISHED and event.ends_at <= now
            return await _complete(tx, event, now) if still_due else event

        async with locked(database, event_id):
            await database.transaction(work)
    return len(ids)


async def _complete(tx: Transaction, before: Event, now: datetime) -> Event:
    if before.status is EventStatus.COMPLETED:
        return before
    event = rules.complete(before, now)
    await store.save(tx, event)
    tell(
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

    One that nothing was heard of passes here: routes wait for those made a moment ago, and refuse what is unknown.
    """
    if group_id is None:
        return
    home = await groups.find_hub(database, group_id)
    if home is not None and home != hub_id:
        raise NotFound(path=("group_id",))


def _about(event: Event) -> dict[str, Any]:
    return {"event_id": event.id, "hub_id": event.hub_id, "group_id": event.group_id, "version": event.version}
