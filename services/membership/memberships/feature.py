"""The memberships feature: its routes, store and personal data."""

from services.membership.memberships import store
from services.membership.memberships.routes import ROUTES
from shared.feature import Feature
from shared.personal_data import Erasure, PersonalData

FEATURE = Feature(
    "memberships",
    routes=ROUTES,
    stores=(store.MEMBERSHIPS,),
    personal_data=(
        PersonalData(
            store.MEMBERSHIPS.collection,
            person="person_id",
            fields=("person_id", "hub_id", "group_id", "roles", "joined_at", "accepted_at", "left_at"),
            purpose="which hubs and groups the person is or was in, since when, and what they do there",
            erasure=Erasure.DELETE,
        ),
    ),
)
