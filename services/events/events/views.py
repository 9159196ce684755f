"""Events as a caller may see them, with what the caller may do with each."""

from collections.abc import Sequence
from datetime import datetime

from services.events.access import can_change, can_register, can_update
from services.events.events.model import Event
from services.events.seats.model import Registration
from services.events.seats.store import active_at
from shared.app import Db
from shared.auth import Principal
from shared.contracts.events.events import EventView
from shared.contracts.events.registrations import RegistrationStatus


async def shown(database: Db, principal: Principal, event: Event, *, now: datetime) -> EventView:
    """The event as this caller may see it."""
    return (await shown_all(database, principal, [event], now=now))[0]


async def shown_all(database: Db, principal: Principal, events: Sequence[Event], *, now: datetime) -> list[EventView]:
    """Events as this caller may see them. One query finds the caller's registrations for all of them."""
    person = principal.person_id
    held = await active_at(database, person, [event.id for event in events]) if person is not None else {}
    return [_view(principal, event, held.get(event.id), now) for event in events]


def _view(principal: Principal, event: Event, held: Registration | None, now: datetime) -> EventView:
    has_seat = held is not None and held.status is RegistrationStatus.CONFIRMED
    return EventView.of(
        event,
        online_url=event.online_url if has_seat or can_change(principal, event) else None,
        viewer_registration_id=None if held is None else held.id,
        viewer_can_register=held is None and can_register(principal, event, now),
        viewer_can_update=can_update(principal, event),
    )
