"""The organisations feature: its routes and store."""

from services.membership.organisations import store
from services.membership.organisations.routes import ROUTES
from shared.feature import Feature

FEATURE = Feature(
    "organisations",
    routes=ROUTES,
    stores=(store.ORGANISATIONS,),
    indexes={store.NAMES: ()},
)
