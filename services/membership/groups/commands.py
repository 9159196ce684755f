"""What can be done with groups."""

from datetime import datetime

from services.membership.groups import store
from services.membership.groups.model import Group, open_group
from services.membership.hubs.commands import get_looked_after
from services.membership.hubs.model import SlugTaken
from shared.auth import Principal
from shared.contracts.membership.groups import GroupCreated, NewGroup
from shared.mongo import Database, DuplicateKeyError, Transaction


async def create_group(database: Database, principal: Principal, new: NewGroup, now: datetime) -> Group:
    """Open a group in a hub the caller looks after. Raises `SlugTaken`, `NotFound` for the hub."""

    async def work(tx: Transaction) -> Group:
        await get_looked_after(tx.database, principal, new.hub_id, ("hub_id",))
        group = open_group(new, now)
        await store.add(tx.database, group)
        tx.record(
            GroupCreated(group_id=group.id, hub_id=group.hub_id, slug=group.slug, version=group.version),
            subject=group.id,
            hub=group.hub_id,
        )
        return group

    try:
        return await database.transaction(work)
    except DuplicateKeyError:
        raise SlugTaken(path=("slug",)) from None


async def count_activity(database: Database, group_id: str) -> None:
    """Note that something was shared through the group."""

    async def work(tx: Transaction) -> None:
        await store.count_activity(tx.database, group_id)

    await database.transaction(work)
