"""How learning hears of archived hubs and groups. Archiving is final, so a repeated message changes nothing."""

from services.learning.archived.model import Archived
from services.learning.archived.store import ARCHIVED
from shared.contracts.membership.groups import GroupArchived
from shared.contracts.membership.hubs import HubArchived
from shared.messaging.envelope import Envelope
from shared.mongo import Transaction


async def on_group_archived(tx: Transaction, message: GroupArchived, envelope: Envelope) -> None:
    """Note that no entry is put into the group any more."""
    await ARCHIVED.put(tx.database, Archived(id=message.group_id))


async def on_hub_archived(tx: Transaction, message: HubArchived, envelope: Envelope) -> None:
    """Note that no entry is put into the hub any more."""
    await ARCHIVED.put(tx.database, Archived(id=message.hub_id))
