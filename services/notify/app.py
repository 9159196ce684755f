"""The notify service: the log of public messages, webhooks, and mail."""

from fastapi import FastAPI

from services.notify import parts
from services.notify.deliveries import routes as delivery_routes
from services.notify.deliveries import store as deliveries
from services.notify.endpoints import routes as endpoint_routes
from services.notify.endpoints import store as endpoints
from services.notify.hubs import store as hubs
from services.notify.log import routes as log_routes
from services.notify.log import store as log_store
from services.notify.mail import store as mails
from services.notify.subscriptions import SUBSCRIPTIONS
from services.notify.topics import routes as topic_routes
from shared.app import create_service
from shared.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application, by `settings` or by the environment."""
    return create_service(
        "notify",
        settings or Settings(),
        routers=[endpoint_routes.routes, delivery_routes.routes, log_routes.routes, topic_routes.routes],
        subscriptions=SUBSCRIPTIONS,
        indexes=[endpoints.INDEXES, deliveries.INDEXES, hubs.INDEXES, log_store.INDEXES, mails.INDEXES],
        loops=[parts.sweep_deliveries, parts.send_mail],
        prepare=parts.prepare,
        on_start=parts.start,
        on_stop=parts.stop,
    )
