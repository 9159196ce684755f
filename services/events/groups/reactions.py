"""Answers to what membership tells of groups."""

from services.events.groups import store
from shared.contracts.membership import GroupCreated
from shared.messaging.envelope import Envelope
from shared.mongo import Transaction


async def on_group_created(tx: Transaction, message: GroupCreated, envelope: Envelope) -> None:
    """Note the group's hub, so that nobody puts an event of one hub among those of another hub's group."""
    await store.note(tx, message.group_id, message.hub_id)
