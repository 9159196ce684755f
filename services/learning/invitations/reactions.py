"""Reactions to events' messages."""

from services.learning.invitations import commands
from shared import clock
from shared.contracts.events.events import EventCompleted
from shared.messaging.envelope import Envelope
from shared.mongo import Transaction


async def on_event_completed(transaction: Transaction, event: EventCompleted, envelope: Envelope) -> None:
    """An event took place: open its invitation to reflect."""
    await commands.open_invitation(transaction.database, event, now=clock.now())
