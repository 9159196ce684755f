"""The people feature: its routes, store and personal data."""

from services.membership.people import store
from services.membership.people.routes import ROUTES
from shared.feature import Feature
from shared.personal_data import Erasure, PersonalData

FEATURE = Feature(
    "people",
    routes=ROUTES,
    stores=(store.PEOPLE,),
    personal_data=(
        PersonalData(
            store.PEOPLE.collection,
            person="_id",
            fields=(
                "name",
                "pronouns",
                "headline",
                "bio",
                "place",
                "themes",
                "actor_kinds",
                "languages",
                "offers",
                "seeks",
                "address",
                "contacts",
                "affiliations",
                "hub_ids",
                "group_ids",
                "listed_in",
                "name_key",
                "search_words",
            ),
            purpose="the person's profile and contact details, shown as far as they chose; the address they sign in "
            "with; where they belong and what search finds them by",
            erasure=Erasure.DELETE,
        ),
    ),
)
