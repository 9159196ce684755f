"""All the events service must know of registrations."""

from services.events.registrations import store
from services.events.registrations.loops import promote
from services.events.registrations.routes import ROUTES
from shared.feature import Feature

FEATURE = Feature(
    "registrations",
    routes=ROUTES,
    indexes=store.INDEXES,
    loops=(promote,),
    locks={"registration_id": store.event_of},
)
