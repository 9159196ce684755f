"""All that membership listens to."""

from services.membership.groups.reactions import on_entry_shared
from shared.contracts.learning import EntryShared
from shared.messaging.reactions import Subscriptions, on

SUBSCRIPTIONS = Subscriptions(reactions=(on(EntryShared, on_entry_shared),))
