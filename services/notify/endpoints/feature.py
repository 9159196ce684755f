"""All the notify service must know of endpoints.

It holds nothing on a person: an endpoint belongs to a hub, and who made it is not kept.
"""

from services.notify.endpoints import store
from services.notify.endpoints.routes import ROUTES
from shared.feature import Feature

FEATURE = Feature("endpoints", routes=ROUTES, stores=(store.ENDPOINTS, store.DELETED), indexes={store.LOCKS: []})
