"""All the events service must know of support requests."""

from services.events.support_requests import store
from services.events.support_requests.routes import ROUTES
from shared.feature import Feature, itself
from shared.personal_data import Erasure, PersonalData

FEATURE = Feature(
    "support_requests",
    routes=ROUTES,
    stores=(store.SUPPORT_REQUESTS,),
    locks={"support_request_id": itself},
    personal_data=(
        PersonalData(
            store.SUPPORT_REQUESTS.collection,
            person="asked_by_id",
            fields=("asked_by_id", "details"),
            purpose="who asked, so that they see the answer and the stewards know whom to talk to",
            erasure=Erasure.CLEAR_FIELDS,
        ),
    ),
)
