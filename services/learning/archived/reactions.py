"""How learning hears of archived and restored hubs and groups. Of two messages about one, the later version counts."""

from services.learning.archived.store import note
from shared.contracts.membership.groups import GroupArchived, GroupRestored
from shared.contracts.membership.hubs import HubArchived, HubRestored
from shared.messaging.envelope import Envelope
from shared.mongo import Transaction


async def on_group_archived(tx: Transaction, message: GroupArchived, envelope: Envelope) -> None:
    """Note that no entry is put into the group any more."""
    await note(tx.database, message.group_id, message.version, is_archived=True)


async def on_group_restored(tx: Transaction, message: GroupRestored, envelope: Envelope) -> None:
    """Note that entries are put into the group again."""
    await note(tx.database, message.group_id, message.version, is_archived=False)


async def on_hub_archived(tx: Transaction, message: HubArchived, envelope: Envelope) -> None:
    """Note that no entry is put into the hub any more."""
    await note(tx.database, message.hub_id, message.version, is_archived=True)


async def on_hub_restored(tx: Transaction, message: HubRestored, envelope: Envelope) -> None:
    """Note that entries are put into the hub again."""
    await note(tx.database, message.hub_id, message.version, is_archived=False)
