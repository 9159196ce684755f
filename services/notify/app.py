"""The notify service: the log of public messages, webhooks, and mail. One list of its features."""

from fastapi import FastAPI

from services.notify.deliveries.feature import FEATURE as DELIVERIES
from services.notify.endpoints.feature import FEATURE as ENDPOINTS
from services.notify.fanouts.feature import FEATURE as FANOUTS
from services.notify.hubs.feature import FEATURE as HUBS
from services.notify.log.feature import FEATURE as LOG
from services.notify.mail.feature import FEATURE as MAIL
from services.notify.topics.feature import FEATURE as TOPICS
from shared.app import create_service
from shared.settings import Settings

FEATURES = (ENDPOINTS, DELIVERIES, FANOUTS, LOG, TOPICS, HUBS, MAIL)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application, by `settings` or by the environment."""
    return create_service("notify", settings or Settings(), FEATURES)
