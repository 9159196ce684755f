"""All the events service must know of events."""

from services.events.gatherings import store
from services.events.gatherings.loops import complete_ended
from services.events.gatherings.routes import ROUTES
from shared.feature import Feature, itself

FEATURE = Feature(
    "events",
    routes=ROUTES,
    indexes=store.INDEXES,
    loops=(complete_ended,),
    locks={"event_id": itself},
)
