"""What is told of a registration: the same fields in every message about one."""

from typing import Any

from services.events.gatherings.model import Event
from services.events.registrations.model import Registration
from services.events.telling import tell
from shared.mongo import Transaction


def fields_of(event: Event, registration: Registration) -> dict[str, Any]:
    """The fields that every message about a registration has."""
    return {
        "registration_id": registration.id,
        "event_id": event.id,
        "hub_id": event.hub_id,
        "person_id": registration.person_id,
        "version": registration.version,
    }


def record(tx: Transaction, event: Event, message: Any) -> None:
    """Record a message about a registration, in the transaction that changes it."""
    tell(tx, event, message, message.person_id, subject=message.registration_id)
