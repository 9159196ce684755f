"""All the membership service must know of api keys."""

from services.membership.api_keys import store
from services.membership.api_keys.routes import ROUTES
from shared.feature import Feature
from shared.personal_data import Erasure, PersonalData

FEATURE = Feature(
    "api keys",
    routes=ROUTES,
    stores=(store.API_KEYS,),
    personal_data=(
        PersonalData(
            store.API_KEYS.collection,
            person="made_by",
            fields=("made_by", "secrets.given_by"),
            purpose="who made a key and who gave its secrets, so that it opens no more than they may; when a person is "
            "erased, their id leads to nobody and what depends on them opens nothing",
            erasure=Erasure.UNKNOWN_OWNER,
        ),
    ),
)
