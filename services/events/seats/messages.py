"""Messages about a registration: all have the same fields."""

from typing import Any

from services.events.addressing import record
from services.events.seats.model import Addressed, Registration
from shared.mongo import Transaction


def fields_of(event: Addressed, registration: Registration) -> dict[str, Any]:
    """The fields that every message about a registration has."""
    return {
        "registration_id": registration.id,
        "event_id": event.id,
        "hub_id": event.hub_id,
        "person_id": registration.person_id,
        "version": registration.version,
    }


def record_of_registration(tx: Transaction, event: Addressed, message: Any) -> None:
    """Record a message about a registration, in the transaction that changes it."""
    record(tx, event, message, message.person_id, subject=message.registration_id)
