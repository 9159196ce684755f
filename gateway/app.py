"""The gateway's application: `/graphql` over the four services, and the routes for operators. It owns no data."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from starlette.middleware.cors import CORSMiddleware

from gateway.auth import Credentials
from gateway.hearing import Hearing
from gateway.operations import operations
from gateway.over_http import GraphQLOverHTTP
from gateway.rendering import Renderer
from gateway.services import Services, open_services
from gateway.web.pages import graphiql, pages
from shared.logging import configure_logging
from shared.messaging.broker import Broker
from shared.metrics import Metrics
from shared.middleware import RequestMiddleware
from shared.problems import install_problem_handlers, problem_response
from shared.settings import Settings
from shared.tracing import configure_tracing

_SENT = ("Authorization", "Content-Type", "Idempotency-Key", "Traceparent", "X-Request-Id")


@dataclass
class Gateway:
    """The parts of a running gateway. `app.state.gateway` holds it."""

    settings: Settings
    broker: Broker
    services: Services
    credentials: Credentials
    graphql: GraphQLOverHTTP


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application. Without `settings`, it reads them from the environment."""
    settings = settings or Settings()
    configure_logging("gateway", level=settings.log_level, json_lines=settings.log_format == "json")
    metrics = Metrics()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        services = open_services(settings)
        broker = Broker(settings.amqp_url, settings.name("mycelium"))
        credentials = Credentials(services, lambda: hearing.is_current())
        hearing = Hearing(broker, credentials)
        metrics.count("mycelium_credentials", "Credentials by how they were resolved.", credentials.counters.items)
        renderer = Renderer()
        graphql = GraphQLOverHTTP(services, credentials, renderer)
        app.state.gateway = Gateway(settings, broker, services, credentials, graphql)
        await broker.start()
        checking = asyncio.create_task(hearing.listener.keep_checking(), name="listener-checks")
        try:
            yield
        finally:
            checking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await checking
            await renderer.close()
            await broker.close()
            await services.close()

    app = FastAPI(
        title="Mycelium gateway",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=configure_tracing("gateway", settings.otlp_endpoint),
    )
    install_problem_handlers(app)
    app.add_middleware(RequestMiddleware, metrics=metrics, service="gateway", body_limit=settings.body_limit)
    origins = [each.strip() for each in settings.cors_origins.split(",") if each.strip()]
    if origins:  # added last, so it wraps the other: these pages can read its refusals too
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["POST"],
            allow_headers=_SENT,
            expose_headers=["X-Request-Id", "Retry-After"],
            max_age=3600,
        )
    app.include_router(operations(metrics))
    app.include_router(pages)
    app.add_api_route("/graphql", _post, methods=["POST"], response_model=None)
    app.add_api_route("/graphql", _get, methods=["GET"], response_model=None)
    return app


async def _post(request: Request) -> Response:
    """Run a GraphQL operation."""
    gateway: Gateway = request.app.state.gateway
    return await gateway.graphql(request)


async def _get(request: Request) -> Response:
    """The GraphiQL page, if the settings allow it. Operations are accepted by POST only."""
    gateway: Gateway = request.app.state.gateway
    if gateway.settings.graphiql and "text/html" in request.headers.get("accept", ""):
        return graphiql()
    response = problem_response(405, "method_not_allowed", "Send GraphQL operations by POST.")
    response.headers["allow"] = "POST"
    return response
