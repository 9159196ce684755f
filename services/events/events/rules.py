"""The rules of an event, each with the problem it raises. Pure: the time is always an argument."""

from datetime import datetime, timedelta

from services.events.events.model import AudienceCheck, Event
from shared.contracts.events.events import EventStatus, EventVisibility
from shared.errors import Conflict, Invalid

OPEN_TO_ALL = (EventVisibility.PUBLIC, EventVisibility.COMMUNITY)
LONGEST = timedelta(days=30)


class StartsInThePast(Invalid):
    """People cannot register for an event that has begun."""

    code = "starts_in_the_past"
    message = "An event starts in the future."


class EndsBeforeItStarts(Invalid):
    """The end is not after the start."""

    code = "ends_before_it_starts"
    message = "An event ends after it starts."


class TooLong(Invalid):
    """An event is one gathering. A series is several events."""

    code = "event_too_long"
    message = f"An event lasts at most {LONGEST.days} days. Make several events of it."


class GroupNeeded(Invalid):
    """Only a group's event can be for its members alone."""

    code = "group_needed"
    message = "An event that only a group may see belongs to a group: give `group_id` too."


class CapacityBelowConfirmed(Conflict):
    """A smaller capacity takes no seat away."""

    code = "capacity_below_confirmed"
    message = "More people than this have a seat already. Ask some to cancel first, or give a larger capacity."


class EventIsOver(Conflict):
    """The event was cancelled or has taken place."""

    code = "event_is_over"
    message = "This event was cancelled or has taken place, and does not change any more."


class NotPublished(Conflict):
    """The event is a draft."""

    code = "not_published"
    message = "This event is not published."


class NotStarted(Conflict):
    """The event has not begun, so it cannot be completed."""

    code = "not_started"
    message = "This event has not started yet. Cancel it if it will not take place."


def check_times(starts_at: datetime, ends_at: datetime) -> None:
    """Raise `EndsBeforeItStarts` or `TooLong`, naming `ends_at`."""
    if ends_at <= starts_at:
        raise EndsBeforeItStarts(path=("ends_at",))
    if ends_at - starts_at > LONGEST:
        raise TooLong(path=("ends_at",))


def check_start(starts_at: datetime, now: datetime) -> None:
    """Raise `StartsInThePast`, naming `starts_at`."""
    if starts_at <= now:
        raise StartsInThePast(path=("starts_at",))


def check_visibility(visibility: EventVisibility, group_id: str | None) -> None:
    """Raise `GroupNeeded` for an event that only its group may see and that has no group."""
    if visibility is EventVisibility.GROUP and group_id is None:
        raise GroupNeeded(path=("visibility",))


def check_capacity(event: Event, capacity: int | None) -> None:
    """Raise `CapacityBelowConfirmed` when the new capacity is below the number of seats that are taken."""
    if capacity is not None and capacity < event.confirmed_count:
        raise CapacityBelowConfirmed(path=("capacity",))


def check_changeable(event: Event) -> None:
    """Raise `EventIsOver` for an event that was cancelled or has taken place."""
    if event.is_over:
        raise EventIsOver


def publish(event: Event, now: datetime) -> Event:
    """The event, published now. Raises `EventIsOver`, `StartsInThePast`."""
    check_changeable(event)
    check_start(event.starts_at, now)
    return _next(event, status=EventStatus.PUBLISHED, published_at=now)


def cancel(event: Event, reason: str | None) -> Event:
    """The event, cancelled. Raises `EventIsOver` when it has taken place."""
    check_changeable(event)
    return _next(event, status=EventStatus.CANCELLED, cancelled_reason=reason)


def complete(event: Event, now: datetime) -> Event:
    """The event, completed. Raises `EventIsOver`, `NotPublished`, `NotStarted`."""
    check_changeable(event)
    if event.status is not EventStatus.PUBLISHED:
        raise NotPublished
    if now < event.starts_at:
        raise NotStarted
    return _next(event, status=EventStatus.COMPLETED)


def change(event: Event, fields: dict[str, object], now: datetime) -> Event:
    """The event with these fields changed. Raises the problem of the first rule that is broken, naming the field."""
    check_changeable(event)
    changed = _next(event, **fields)
    if "starts_at" in fields:
        check_start(changed.starts_at, now)
    if "starts_at" in fields or "ends_at" in fields:
        check_times(changed.starts_at, changed.ends_at)
    if "visibility" in fields or "group_id" in fields:
        check_visibility(changed.visibility, changed.group_id)
    check_capacity(event, changed.capacity)
    if narrows_audience(event, changed):
        return changed.model_copy(update={"audience_check": AudienceCheck()})
    return changed


def narrows_audience(before: Event, after: Event) -> bool:
    """Whether somebody who was able to see the published event may no longer see it."""
    if after.published_at is None or after.visibility in OPEN_TO_ALL:
        return False
    seen_before, seen_after = _audience(before), _audience(after)
    fewer_organisers = not set(before.organiser_ids) <= set(after.organiser_ids)
    return seen_before != seen_after or before.hub_id != after.hub_id or fewer_organisers


def _audience(event: Event) -> tuple[EventVisibility, str | None] | None:
    """The hub or group whose members see it; `None`: everybody sees it."""
    if event.visibility in OPEN_TO_ALL:
        return None
    return event.visibility, event.group_id if event.visibility is EventVisibility.GROUP else event.hub_id


def _next(event: Event, **fields: object) -> Event:
    return event.model_copy(update={**fields, "version": event.version + 1})
