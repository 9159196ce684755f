"""The groups feature: its routes, stores, reaction and lock."""

from services.membership.groups import store
from services.membership.groups.reactions import on_entry_shared
from services.membership.groups.routes import ROUTES
from shared.contracts.learning.entries import EntryShared
from shared.feature import Feature, itself
from shared.messaging.reactions import on

FEATURE = Feature(
    "groups",
    routes=ROUTES,
    stores=(store.GROUPS,),
    reactions=(on(EntryShared, on_entry_shared),),
    locks={"group_id": itself},
)
