"""Membership's answer when events asks which of the registered people may still see an event."""

from services.membership.event_audiences.commands import tell_non_members
from shared import clock
from shared.contracts.events.registrations import AudienceNarrowed
from shared.messaging.envelope import Envelope
from shared.mongo import Transaction


async def on_audience_narrowed(tx: Transaction, message: AudienceNarrowed, envelope: Envelope) -> None:
    """Tell which of these people do not belong to the hub or group."""
    await tell_non_members(tx, message, clock.now())
