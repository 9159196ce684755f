"""What events listens to: one line for each message and its reaction."""

from services.events.groups.reactions import on_group_created, on_hub_created
from shared.contracts.membership import GroupCreated, HubCreated
from shared.messaging.reactions import Subscriptions, on

SUBSCRIPTIONS = Subscriptions(reactions=(on(HubCreated, on_hub_created), on(GroupCreated, on_group_created)))
