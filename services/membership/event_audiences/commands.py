"""Finding out which of the people registered for an event may still see it."""

from datetime import datetime

from services.membership.principals.model import CredentialRefused
from services.membership.principals.people import person_principal
from shared.auth import Principal
from shared.contracts.events.events import EventVisibility
from shared.contracts.events.registrations import AudienceNarrowed
from shared.contracts.membership.event_audiences import NonMembersFound
from shared.mongo import Transaction


async def tell_non_members(tx: Transaction, asked: AudienceNarrowed, now: datetime) -> None:
    """Tell which of these people do not belong to the hub or group. When all belong, nothing is told."""
    outside = [person_id for person_id in asked.person_ids if not await _may_see(tx, person_id, asked, now)]
    if outside:
        fields = asked.model_dump() | {"person_ids": outside}
        tx.record(NonMembersFound(**fields), subject=asked.event_id, hub=asked.hub_id)


async def _may_see(tx: Transaction, person_id: str, asked: AudienceNarrowed, now: datetime) -> bool:
    """Whether the event is for this person. For a person who is not there any more it is not."""
    try:
        person = await person_principal(tx.database, person_id, now)
    except CredentialRefused:
        return False
    return _belongs(person, asked)


def _belongs(person: Principal, asked: AudienceNarrowed) -> bool:
    """Whether the person belongs to the hub or group that the event is for, or looks after one of them."""
    if person.looks_after(asked.hub_id, asked.group_id):
        return True
    if asked.visibility is EventVisibility.GROUP:
        return asked.group_id in person.groups
    return asked.hub_id in person.hubs
