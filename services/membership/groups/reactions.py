"""What groups answer to what is learnt."""

from services.membership.groups.commands import count_activity
from shared.contracts.learning.entries import EntryShared
from shared.messaging.envelope import Envelope
from shared.mongo import Transaction


async def on_entry_shared(tx: Transaction, message: EntryShared, envelope: Envelope) -> None:
    """Count the activity of the group an entry was shared through; the inbox makes it once."""
    if message.group_id is not None:
        await count_activity(tx.database, message.group_id)
