"""The API keys feature: its routes, store and personal data."""

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
            purpose="who made a key and who gave its secrets, so that the key opens no more than they may; when a "
            "person is erased, their id leads to nobody, and keys that depend on them open nothing",
            erasure=Erasure.UNKNOWN_OWNER,
        ),
    ),
)
