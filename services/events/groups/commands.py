"""Making sure that the hub and the group an event is for are there, and not archived."""

import asyncio
from datetime import timedelta

from services.events.groups import store
from services.events.groups.model import GroupUnknown, HostArchived, HubUnknown
from shared.auth import Principal
from shared.errors import ProblemError
from shared.mongo import Database

PATIENCE = timedelta(seconds=2)
LOOKS_EVERY = timedelta(milliseconds=50)


async def expect_known(
    database: Database,
    principal: Principal,
    hub_id: str,
    group_id: str | None = None,
    *,
    patience: timedelta = PATIENCE,
) -> None:
    """Raise `HubUnknown` or `GroupUnknown`, naming the field, for one that membership has told nothing of; and
    `HostArchived` for one that membership has told to be archived.

    Where the caller belongs, membership itself has said that it is there; only an operator, who belongs everywhere,
    and a hub's key naming a group need the message that told of it. What was made a moment ago may be on its way here
    still, so it is waited for, as long as `patience`. Of people events hears nothing: who is named as an organiser or
    comes is vouched for by the gateway, and only the id's shape is looked at here.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + patience.total_seconds()
    hub_vouched = hub_id in principal.steward_of or hub_id in principal.hubs or hub_id in principal.groups.values()
    wanted_hub = None if hub_vouched else hub_id
    wanted_group = None if principal.groups.get(group_id or "") == hub_id else group_id
    while (problem := await _missing(database, wanted_hub, wanted_group)) is not None:
        if loop.time() >= until:
            raise problem
        await asyncio.sleep(LOOKS_EVERY.total_seconds())
    await expect_not_archived(database, hub_id, group_id)


async def expect_not_archived(database: Database, hub_id: str, group_id: str | None) -> None:
    """Raise `HostArchived`, naming the field, when membership has told that the hub or the group is archived."""
    for field, collection, identifier in (("hub_id", store.HUBS, hub_id), ("group_id", store.GROUPS, group_id)):
        if identifier is not None and await store.is_archived(database, collection, identifier):
            raise HostArchived(path=(field,))


async def _missing(database: Database, hub_id: str | None, group_id: str | None) -> ProblemError | None:
    if hub_id is not None and not await store.is_hub(database, hub_id):
        return HubUnknown(path=("hub_id",))
    if group_id is not None and await store.find_hub(database, group_id) is None:
        return GroupUnknown(path=("group_id",))
    return None
