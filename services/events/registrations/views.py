"""Registrations as a caller may see them, with what the caller may do with each."""

from collections.abc import Sequence

from services.events.access import can_cancel
from services.events.events.store import EVENTS
from services.events.seats.model import Registration
from shared.app import Db
from shared.auth import Principal
from shared.contracts.events.registrations import RegistrationView


async def shown(database: Db, principal: Principal, registration: Registration) -> RegistrationView:
    """The registration as this caller may see it."""
    return (await shown_all(database, principal, [registration]))[0]


async def shown_all(
    database: Db, principal: Principal, registrations: Sequence[Registration]
) -> list[RegistrationView]:
    """Registrations as this caller may see them. One query finds the events of all of them."""
    active = {one.event_id for one in registrations if one.is_active}
    events = {event.id: event for event in await EVENTS.by_ids(database, active)}
    return [
        RegistrationView.of(one, viewer_can_cancel=one.is_active and can_cancel(principal, one, events[one.event_id]))
        for one in registrations
    ]
