"""Reactions to membership's messages about hubs and groups."""

from services.events.groups import store
from shared.contracts.membership.groups import GroupArchived, GroupCreated, GroupRestored
from shared.contracts.membership.hubs import HubArchived, HubCreated, HubRestored
from shared.messaging.envelope import Envelope
from shared.mongo import Transaction


async def on_hub_created(tx: Transaction, message: HubCreated, envelope: Envelope) -> None:
    """Note that the hub exists, so that events can be made for it."""
    await store.note_hub(tx, message.hub_id, message.version)


async def on_group_created(tx: Transaction, message: GroupCreated, envelope: Envelope) -> None:
    """Note the hub of the group, so that an event's hub and group always go together."""
    await store.note_group(tx, message.group_id, message.version, message.hub_id)


async def on_hub_archived(tx: Transaction, message: HubArchived, envelope: Envelope) -> None:
    """Note that the hub is archived: no event is made for it."""
    await store.note_hub(tx, message.hub_id, message.version, is_archived=True)


async def on_group_archived(tx: Transaction, message: GroupArchived, envelope: Envelope) -> None:
    """Note that the group is archived: no event is made for it."""
    await store.note_group(tx, message.group_id, message.version, message.hub_id, is_archived=True)


async def on_hub_restored(tx: Transaction, message: HubRestored, envelope: Envelope) -> None:
    """Note that events are made for the hub again."""
    await store.note_hub(tx, message.hub_id, message.version)


async def on_group_restored(tx: Transaction, message: GroupRestored, envelope: Envelope) -> None:
    """Note that events are made for the group again."""
    await store.note_group(tx, message.group_id, message.version, message.hub_id)
