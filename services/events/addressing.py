"""How this service's messages are addressed: whose hub, what they touch, and how far they reach."""

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

    What was never published, or is for a group's members alone, stays inside; but a change that hides what a hub's
    developers have seen (`formerly`), or takes it to another hub, still reaches them.
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
