"""All the events service must know of hubs and groups."""

from services.events.groups import store
from services.events.groups.reactions import on_group_created, on_hub_created
from shared.contracts.membership.groups import GroupCreated
from shared.contracts.membership.hubs import HubCreated
from shared.feature import Feature
from shared.messaging.reactions import on

FEATURE = Feature(
    "groups",
    indexes=store.INDEXES,
    reactions=(on(HubCreated, on_hub_created), on(GroupCreated, on_group_created)),
)
