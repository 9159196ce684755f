"""All the events service must know of events."""

from services.events.events import store
from services.events.events.loops import complete_ended
from services.events.events.routes import ROUTES
from shared.feature import Feature, itself
from shared.personal_data import Erasure, PersonalData

FEATURE = Feature(
    "events",
    routes=ROUTES,
    stores=(store.EVENTS,),
    loops=(complete_ended,),
    locks={"event_id": itself},
    personal_data=(
        PersonalData(
            store.EVENTS.collection,
            person="organiser_ids",
            fields=("organiser_ids",),
            purpose="who runs the event and may change it",
            erasure=Erasure.CLEAR_FIELDS,
        ),
    ),
)
