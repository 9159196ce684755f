"""All the notify service must know of topics. It holds nothing."""

from services.notify.topics.routes import ROUTES
from shared.feature import Feature

FEATURE = Feature("topics", routes=ROUTES)
