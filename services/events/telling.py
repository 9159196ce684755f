"""How this service's messages are addressed: whose hub, what they touch, and how far they reach."""

from services.events.gatherings.model import Event
from shared.contracts.words import EventVisibility
from shared.messaging.envelope import Message
from shared.mongo import Transaction


def tell(
    tx: Transaction,
    event: Event,
    message: Message,
    *touches: str,
    subject: str | None = None,
    formerly: Event | None = None,
) -> None:
    """Record a message about an event or, with `subject`, about a registration for it.

    What was never published, or is for a group's members alone, stays inside; but a change that hides what a hub's
    developers have seen (`formerly`) still reaches them.
    """
    reaches_hub = any(
        one.published_at is not None and one.visibility is not EventVisibility.GROUP
        for one in (event, formerly)
        if one is not None
    )
    touched = {event.id, *touches, *({event.group_id} if event.group_id else ())}
    tx.record(
        message,
        subject=subject or event.id,
        hub=event.hub_id,
        touches=sorted(touched),
        reach="hub" if reaches_hub and type(message).public else "internal",
    )
