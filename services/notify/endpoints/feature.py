"""All the notify service must know of endpoints."""

from services.notify.endpoints import store
from services.notify.endpoints.routes import ROUTES
from shared.feature import Feature

FEATURE = Feature("endpoints", routes=ROUTES, stores=(store.ENDPOINTS, store.DELETED), indexes={store.LOCKS: []})
