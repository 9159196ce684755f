"""Creating, changing and archiving hubs."""

from datetime import datetime

from services.membership.groups import store as groups
from services.membership.hubs import model, store
from services.membership.hubs.access import looks_after
from services.membership.hubs.model import (
    Hub,
    HubInUse,
    SlugTaken,
    TooManyHubs,
    expect_not_archived,
    most_below,
    open_hub,
)
from shared.auth import Principal
from shared.commands import in_transaction
from shared.contracts.membership.hubs import HubArchived, HubChanged, HubChanges, HubCreated, HubRestored, NewHub
from shared.errors import NotAllowed, NotFound, Path
from shared.mongo import Database, Transaction, expect_version


async def get_looked_after(database: Database, principal: Principal, hub_id: str, path: Path = ()) -> Hub:
    """A hub that the caller looks after. Raises `NotFound` when the hub does not exist or is not theirs."""
    hub = await store.get(database, hub_id, path)
    if not looks_after(principal, hub):
        raise NotFound(path=path)
    return hub


@in_transaction(duplicate=lambda: SlugTaken(path=("slug",)))
async def create_hub(tx: Transaction, principal: Principal, new: NewHub, *, now: datetime) -> Hub:
    """Create a hub below one that the caller looks after, or at the root.

    Raises `SlugTaken`, `TooDeep`, `TooManyHubs`, `ArchivedHub`, `NotFound` for the parent, and `NotAllowed` when
    somebody other than an operator names no parent.
    """
    parent = None
    if new.parent_id is not None:
        parent = await get_looked_after(tx.database, principal, new.parent_id, ("parent_id",))
        expect_not_archived(parent, ("parent_id",))
    elif not principal.everywhere:
        raise NotAllowed(
            code="parent_needed",
            message="Only an operator can create a hub without a parent. Name one of your hubs as the parent.",
            path=("parent_id",),
        )
    hub = open_hub(new, parent, now)
    if parent is not None:
        await _expect_room(tx, parent)
    await store.add(tx.database, hub)
    tx.record(
        HubCreated(hub_id=hub.id, slug=hub.slug, parent_id=hub.parent_id, ancestors=hub.ancestors, version=hub.version),
        subject=hub.id,
        hub=hub.id,
        touches=hub.ancestors,
    )
    return hub


async def _expect_room(tx: Transaction, parent: Hub) -> None:
    """Raise `TooManyHubs` when the parent or a hub above it has as many hubs below it as it may have."""
    for hub_id in parent.lineage:
        if await store.count_below(tx.database, hub_id) >= most_below(hub_id, parent):
            raise TooManyHubs(path=("parent_id",))
    for hub_id in {parent.id, parent.lineage[-1]}:
        await store.touch_parent(tx.database, hub_id)


@in_transaction()
async def change_hub(tx: Transaction, principal: Principal, hub_id: str, changes: HubChanges, *, now: datetime) -> Hub:
    """Change the description of a hub.

    Raises `NotFound` for a hub that the caller does not look after, `ArchivedHub`, `Stale`.
    """
    hub = await get_looked_after(tx.database, principal, hub_id)
    expect_version(changes.version, hub.version)
    after, changed = model.change_hub(hub, changes)
    if changed:
        await store.save(tx.database, after)
        tx.record(
            HubChanged(hub_id=hub.id, changed=changed, version=after.version),
            subject=hub.id,
            hub=hub.id,
            touches=hub.ancestors,
        )
    return after


@in_transaction()
async def archive_hub(tx: Transaction, principal: Principal, hub_id: str, *, now: datetime) -> Hub:
    """Archive a hub. Archiving an archived hub changes nothing.

    Raises `HubInUse` while a hub below it or a group of it is not archived, and `NotFound` for a hub that the caller
    does not look after.
    """
    hub = await get_looked_after(tx.database, principal, hub_id)
    if hub.archived_at is not None:
        return hub
    if await store.is_any_open_below(tx.database, hub_id) or await groups.is_any_open(tx.database, hub_id):
        raise HubInUse
    archived = model.archive_hub(hub, now)
    await store.save(tx.database, archived)
    tx.record(HubArchived(hub_id=hub.id, version=archived.version), subject=hub.id, hub=hub.id, touches=hub.ancestors)
    return archived


@in_transaction()
async def restore_hub(tx: Transaction, principal: Principal, hub_id: str, *, now: datetime) -> Hub:
    """Open an archived hub again; what is in it stays archived. One that is open stays as it is.

    Raises `HubAboveArchived`, and `NotFound` for one the caller does not look after.
    """
    hub = await get_looked_after(tx.database, principal, hub_id)
    if hub.archived_at is None:
        return hub
    parent = None if hub.parent_id is None else await store.get(tx.database, hub.parent_id)
    restored = model.restore_hub(hub, parent)
    if parent is not None:
        await store.touch_parent(tx.database, parent.id)  # conflicts with archiving the parent at the same time
    await store.save(tx.database, restored)
    tx.record(HubRestored(hub_id=hub.id, version=restored.version), subject=hub.id, hub=hub.id, touches=hub.ancestors)
    return restored
