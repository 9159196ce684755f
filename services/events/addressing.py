"""How this service's messages are addressed: their hub, the ids they touch, and who receives them."""

from services.events.seats.model import Addressed
from shared.contracts.events.events import EventVisibility
from shared.messaging.envelope import Message
from shared.mongo import Transaction


def record(
    tx: Transaction,
    event: Addressed,
    message: Message,
    *touches: str,
    subject: str | None = None,
    formerly: Addressed | None = None,
) -> None:
    """Record a message about an event or, with `subject`, about a registration for it.

    A hub's developers do not receive messages about drafts and about events for a group's members alone. They still
    receive a change that hides an event they have seen, or moves it to another hub: `formerly` is the event before.
    """
    shown_in = {one.hub_id for one in (event, formerly) if one is not None and _is_shown_to_developers(one)}
    touched = {event.id, *touches, *({event.group_id} if event.group_id else ())}
    for hub_id in sorted({event.hub_id} | shown_in):
        tx.record(
            message,
            subject=subject or event.id,
            hub=hub_id,
            touches=sorted(touched),
            reach="hub" if hub_id in shown_in and type(message).public else "internal",
        )


def _is_shown_to_developers(event: Addressed) -> bool:
    """Whether the developers of its hub may know of it."""
    return event.published_at is not None and event.visibility is not EventVisibility.GROUP
