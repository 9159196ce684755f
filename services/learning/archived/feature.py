"""All the learning service must know of archived hubs and groups."""

from services.learning.archived.reactions import (
    on_group_archived,
    on_group_restored,
    on_hub_archived,
    on_hub_restored,
)
from services.learning.archived.store import ARCHIVED
from shared.contracts.membership.groups import GroupArchived, GroupRestored
from shared.contracts.membership.hubs import HubArchived, HubRestored
from shared.feature import Feature
from shared.messaging.reactions import on

FEATURE = Feature(
    "archived",
    stores=(ARCHIVED,),
    reactions=(
        on(GroupArchived, on_group_archived),
        on(GroupRestored, on_group_restored),
        on(HubArchived, on_hub_archived),
        on(HubRestored, on_hub_restored),
    ),
)
