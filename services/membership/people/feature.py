"""All the membership service must know of people."""

from services.membership.people import store
from services.membership.people.routes import ROUTES
from shared.feature import Feature

FEATURE = Feature(
    "people",
    routes=ROUTES,
    stores=(store.PEOPLE,),
)
