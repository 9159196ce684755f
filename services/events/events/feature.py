"""All the events service must know of events."""

from services.events.events import store
from services.events.events.loops import complete_ended
from services.events.events.routes import ROUTES
from shared.feature import Feature, itself

FEATURE = Feature(
    "events",
    routes=ROUTES,
    stores=(store.EVENTS,),
    loops=(complete_ended,),
    locks={"event_id": itself},
)
