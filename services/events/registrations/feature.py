"""All the events service must know of registrations."""

from services.events.registrations.loops import promote
from services.events.registrations.reactions import on_group_left, on_hub_left
from services.events.registrations.routes import ROUTES
from services.events.seats import store
from shared.contracts.membership.memberships import GroupLeft, HubLeft
from shared.feature import Feature
from shared.messaging.reactions import on

FEATURE = Feature(
    "registrations",
    routes=ROUTES,
    stores=(store.REGISTRATIONS, store.PROMOTIONS),
    reactions=(on(GroupLeft, on_group_left), on(HubLeft, on_hub_left)),
    loops=(promote,),
    locks={"registration_id": store.event_of},
)
