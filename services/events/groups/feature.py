"""All the events service must know of hubs and groups."""

from services.events.groups import store
from services.events.groups.reactions import (
    on_group_archived,
    on_group_created,
    on_group_restored,
    on_hub_archived,
    on_hub_created,
    on_hub_restored,
)
from shared.contracts.membership.groups import GroupArchived, GroupCreated, GroupRestored
from shared.contracts.membership.hubs import HubArchived, HubCreated, HubRestored
from shared.feature import Feature
from shared.messaging.reactions import on

FEATURE = Feature(
    "groups",
    indexes=store.INDEXES,
    reactions=(
        on(HubCreated, on_hub_created),
        on(GroupCreated, on_group_created),
        on(HubArchived, on_hub_archived),
        on(GroupArchived, on_group_archived),
        on(HubRestored, on_hub_restored),
        on(GroupRestored, on_group_restored),
    ),
)
