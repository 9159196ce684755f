"""The changes of one membership. Each saves the membership, what depends on it, and the message that tells of it.

What depends on it: the number of members of the group, where the person belongs, and whether the group has been
founded. The caller has checked that the change is allowed.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.membership.groups import store as groups
from services.membership.hubs import store as hubs
from services.membership.hubs.model import Hub
from services.membership.memberships import model, store
from services.membership.memberships.model import Membership
from services.membership.people import store as people
from shared.contracts.membership.memberships import (
    GroupJoined,
    GroupLeft,
    HubJoined,
    HubLeft,
    MembershipAccepted,
    Role,
    RolesChanged,
)
from shared.messaging.envelope import Message
from shared.mongo import Database, Transaction


async def add(tx: Transaction, membership: Membership) -> Membership:
    """Save a new membership and record `GroupJoined` or `HubJoined`. Raises `DuplicateKeyError` when there is one."""
    await store.add(tx.database, membership)
    if membership.group_id is not None:
        await groups.count_members(tx.database, membership.group_id, +1)
    await _note_belonging(tx.database, membership.person_id)
    await _note_founding(tx.database, membership)
    _record(tx, HubJoined if membership.group_id is None else GroupJoined, membership)
    return membership


async def accept(tx: Transaction, membership: Membership, now: datetime) -> Membership:
    """Note that the person has accepted the membership. One that is accepted already stays as it is."""
    accepted = model.accept(membership, now)
    if accepted != membership:
        await store.save(tx.database, accepted)
        await _note_belonging(tx.database, accepted.person_id)
        await _note_founding(tx.database, accepted)
        _record(tx, MembershipAccepted, accepted)
    return accepted


async def change_roles(tx: Transaction, membership: Membership, roles: Iterable[Role]) -> Membership:
    """Replace the roles. Without any roles, or with the same ones, the membership stays as it is."""
    changed = model.with_roles(membership, roles)
    if changed != membership:
        await store.save(tx.database, changed)
        await _note_founding(tx.database, changed)
        _record(tx, RolesChanged, changed)
    return changed


async def end_in_group(tx: Transaction, membership: Membership, now: datetime) -> Membership:
    """End the membership of a group."""
    left = model.leave(membership, now)
    await store.save(tx.database, left)
    if left.group_id is not None:
        await groups.count_members(tx.database, left.group_id, -1)
    version = await _note_belonging(tx.database, left.person_id)
    _record(tx, GroupLeft, left, belonging_version=version)
    return left


async def end_in_hub(tx: Transaction, membership: Membership, hub: Hub, now: datetime) -> Membership:
    """End the membership of this hub. The person's memberships of groups in it stay."""
    left = model.leave(membership, now)
    await store.save(tx.database, left)
    version = await _note_belonging(tx.database, left.person_id)
    no_longer_in = await _no_longer_in(tx.database, hub, left)
    _record(tx, HubLeft, left, no_longer_in=no_longer_in, belonging_version=version)
    return left


async def _no_longer_in(database: Database, hub: Hub, left: Membership) -> list[str]:
    """Of the hub that was left and the hubs above it, those that the person belongs to through no other membership."""
    if left.accepted_at is None:
        return []
    live = await store.of_person(database, left.person_id)
    others = await hubs.by_ids(database, {m.hub_id for m in live if m.group_id is None and m.accepted_at is not None})
    still = {hub_id for other in others for hub_id in other.lineage}
    return [hub_id for hub_id in hub.lineage if hub_id not in still]


async def _note_founding(database: Database, membership: Membership) -> None:
    """Note on the group that somebody has accepted looking after it. From then on its conveners decide who comes in."""
    if membership.group_id is not None and membership.accepted_at is not None and membership.looks_after:
        await groups.note_founded(database, membership.group_id)


async def _note_belonging(database: Database, person_id: str) -> int:
    """Write onto the person where they belong now, and return the new `belonging_version`.

    Search uses all of it; the consent policy uses what they accepted.

    A member of a group is not a member of its hub: who shows a contact detail to their hubs did not choose that hub.
    """
    live = await store.of_person(database, person_id)
    accepted = [m for m in live if m.accepted_at is not None]
    return await people.set_belonging(
        database,
        person_id,
        hub_ids={m.hub_id for m in accepted if m.group_id is None},
        group_ids={m.group_id for m in accepted if m.group_id is not None},
        listed_in={m.hub_id for m in live} | {m.group_id for m in live if m.group_id is not None},
    )


def _record(tx: Transaction, message: type[Message], membership: Membership, **more: Any) -> None:
    """Record a message of this class, filled with the membership's fields of the same names and with `more`."""
    fields = membership.model_dump(include=set(message.model_fields))
    tx.record(
        message.model_validate({"membership_id": membership.id, **fields, **more}),
        subject=membership.id,
        hub=membership.hub_id,
        touches={membership.person_id, membership.group_id} - {None},
    )
