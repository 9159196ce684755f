"""The reaction of groups to messages of the learning service."""

from services.membership.groups.commands import count_activity
from shared.contracts.learning.entries import EntryShared
from shared.messaging.envelope import Envelope
from shared.mongo import Transaction


async def on_entry_shared(tx: Transaction, message: EntryShared, envelope: Envelope) -> None:
    """Count an entry as activity of the group it was shared through. The inbox drops repeated messages."""
    if message.group_id is not None:
        await count_activity(tx.database, message.group_id)
