"""Checking that the hub and the group of an event exist and are not archived."""

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
    """Raise `HubUnknown` or `GroupUnknown` for one that this service has not heard of, and `HostArchived` for one that
    is archived. Each problem names the field.

    The caller's credentials already prove that the caller's own hubs and groups exist. Only an operator, and a hub's
    key that names a group, need membership's message about it. That message may still be on its way, so this waits up
    to `patience`. Events receives no messages about people: the gateway checks that people exist, and here only the
    form of their ids is checked.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + patience.total_seconds()
    is_callers_hub = hub_id in principal.steward_of or hub_id in principal.hubs or hub_id in principal.groups.values()
    wanted_hub = None if is_callers_hub else hub_id
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
