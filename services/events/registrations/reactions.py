"""Reactions to membership's messages about people who left, and about people who may not see an event."""

from services.events.registrations.departures import (
    cancel_at_group_events,
    cancel_at_hub_events,
    cancel_non_members,
)
from shared import clock
from shared.contracts.membership.event_audiences import NonMembersFound
from shared.contracts.membership.memberships import GroupLeft, HubLeft
from shared.messaging.envelope import Envelope
from shared.mongo import Transaction


async def on_group_left(tx: Transaction, message: GroupLeft, envelope: Envelope) -> None:
    """Cancel the person's registrations at the group's members-only events."""
    await cancel_at_group_events(
        tx,
        message.person_id,
        message.group_id,
        left_at=envelope.time,
        version=message.belonging_version,
        now=clock.now(),
    )


async def on_hub_left(tx: Transaction, message: HubLeft, envelope: Envelope) -> None:
    """Cancel the person's registrations at members-only events of the hubs that they no longer belong to."""
    if message.no_longer_in:
        hubs = set(message.no_longer_in)
        await cancel_at_hub_events(
            tx, message.person_id, hubs, left_at=envelope.time, version=message.belonging_version, now=clock.now()
        )


async def on_non_members_found(tx: Transaction, message: NonMembersFound, envelope: Envelope) -> None:
    """Cancel the registrations of people who may no longer see the event."""
    await cancel_non_members(tx, message, answered_at=envelope.time, now=clock.now())
