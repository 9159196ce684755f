"""Creating, changing and archiving groups, and counting what is shared through them."""

from datetime import datetime

from services.membership.groups import model, store
from services.membership.groups.access import adds_people, manages
from services.membership.groups.model import Group, JoinPolicyIsTheirs, open_group
from services.membership.hubs import store as hubs
from services.membership.hubs.commands import get_looked_after
from services.membership.hubs.model import HubAboveArchived, SlugTaken, expect_not_archived
from services.membership.memberships import store as memberships
from shared.auth import Principal
from shared.commands import in_transaction
from shared.contracts.membership.groups import (
    GroupArchived,
    GroupChanged,
    GroupChanges,
    GroupCreated,
    GroupRestored,
    NewGroup,
)
from shared.errors import NotFound
from shared.mongo import Database, Transaction, expect_version


@in_transaction(duplicate=lambda: SlugTaken(path=("slug",)))
async def create_group(tx: Transaction, principal: Principal, new: NewGroup, *, now: datetime) -> Group:
    """Create a group in a hub that the caller looks after.

    Raises `SlugTaken`, `ArchivedHub`, `NotFound` for the hub.
    """
    hub = await get_looked_after(tx.database, principal, new.hub_id, ("hub_id",))
    expect_not_archived(hub, ("hub_id",))
    await hubs.touch_parent(tx.database, hub.id)
    group = open_group(new, now)
    await store.add(tx.database, group)
    tx.record(
        GroupCreated(group_id=group.id, hub_id=group.hub_id, slug=group.slug, version=group.version),
        subject=group.id,
        hub=group.hub_id,
    )
    return group


@in_transaction(lock="group_id")
async def change_group(
    tx: Transaction, principal: Principal, group_id: str, changes: GroupChanges, *, now: datetime
) -> Group:
    """Change the description of a group. Once a group that is not open has a convener, only a convener changes how
    people join it.

    Raises `NotFound` for a group that the caller does not manage, `ArchivedGroup`, `JoinPolicyIsTheirs`, `Stale`.
    """
    group = await _get_managed(tx, principal, group_id)
    expect_version(changes.version, group.version)
    after, changed = model.change_group(group, changes)
    if "join_policy" in changed and not await may_add_people(tx.database, principal, group):
        raise JoinPolicyIsTheirs(path=("join_policy",))
    if changed:
        await store.save(tx.database, after)
        tx.record(
            GroupChanged(group_id=group.id, hub_id=group.hub_id, changed=changed, version=after.version),
            subject=group.id,
            hub=group.hub_id,
        )
    return after


@in_transaction(lock="group_id")
async def archive_group(tx: Transaction, principal: Principal, group_id: str, *, now: datetime) -> Group:
    """Archive a group. Archiving an archived group changes nothing.

    Raises `NotFound` for a group that the caller does not manage.
    """
    group = await _get_managed(tx, principal, group_id)
    if group.archived_at is not None:
        return group
    archived = model.archive_group(group, now)
    await store.save(tx.database, archived)
    tx.record(
        GroupArchived(group_id=group.id, hub_id=group.hub_id, version=archived.version),
        subject=group.id,
        hub=group.hub_id,
    )
    return archived


async def may_manage(database: Database, principal: Principal, group: Group) -> bool:
    """`access.manages`, with the group's hub read from the database."""
    return manages(principal, group, await hubs.find(database, group.hub_id))


async def may_add_people(database: Database, principal: Principal, group: Group) -> bool:
    """`access.adds_people`, with the group's conveners read from the database."""
    return adds_people(principal, group, has_convener=await memberships.has_convener(database, group.id))


async def _get_managed(tx: Transaction, principal: Principal, group_id: str) -> Group:
    group = await store.get(tx.database, group_id)
    if not await may_manage(tx.database, principal, group):
        raise NotFound
    return group


@in_transaction()
async def count_activity(tx: Transaction, group_id: str) -> None:
    """Count one more entry that was shared through the group."""
    await store.count_activity(tx.database, group_id)


@in_transaction(lock="group_id")
async def restore_group(tx: Transaction, principal: Principal, group_id: str, *, now: datetime) -> Group:
    """Open an archived group again. One that is open stays as it is.

    Raises `HubAboveArchived`, and `NotFound` for one the caller does not look after.
    """
    group = await _get_managed(tx, principal, group_id)
    if group.archived_at is None:
        return group
    hub = await hubs.get(tx.database, group.hub_id)
    if hub.archived_at is not None:
        raise HubAboveArchived(path=("group_id",))
    await hubs.touch_parent(tx.database, hub.id)  # conflicts with archiving the hub at the same time
    restored = model.restore_group(group)
    await store.save(tx.database, restored)
    tx.record(
        GroupRestored(group_id=group.id, hub_id=group.hub_id, version=restored.version),
        subject=group.id,
        hub=group.hub_id,
    )
    return restored
