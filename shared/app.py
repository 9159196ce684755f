"""The service factory: builds a service's application from its list of features.

Every service gets liveness, readiness (which names what is missing), metrics, problem responses, request ids, a body
limit and traces; the database with its indexes, the outbox with its relay, the consumers; and a shutdown that finishes
the work in progress.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response

from shared import idempotency, migrations
from shared.auth import ANONYMOUS, InternalTokens, Principal
from shared.context import set_actor
from shared.errors import NotSignedIn
from shared.feature import Feature
from shared.features import check_features, is_unlinked, lock_of_request, subscriptions_of
from shared.logging import configure_logging, log
from shared.messaging import inbox, outbox
from shared.messaging.broker import Broker, asked_to_stop
from shared.messaging.consumer import Consumer
from shared.messaging.outbox import Outbox
from shared.messaging.reactions import Subscriptions
from shared.messaging.relay import Relay
from shared.messaging.topology import TIMEOUT, Names
from shared.metrics import Metrics
from shared.middleware import RequestMiddleware
from shared.mongo import Database, Mongo, PyMongoError
from shared.openapi import describe
from shared.paging import MAX_FIRST, PageRequest, page_request
from shared.problems import install_problem_handlers
from shared.settings import Settings, decode_secret
from shared.tracing import configure_tracing

Loop = Callable[["Service"], Awaitable[None]]
LockOfRequest = Callable[[Request], AbstractAsyncContextManager[Any]]


@dataclass
class Service:
    """The parts of a running service; `app.state.service`. `extra` holds what only one service needs.

    `own_consumers`: the consumers of the queues beside the main queue. `lock_of`: the lock that a request with an
    `Idempotency-Key` takes before its transaction begins; inside the transaction it would wait with an old snapshot.
    `measures`: functions that set gauges at each scrape of the metrics.
    """

    name: str
    settings: Settings
    mongo: Mongo
    database: Database
    broker: Broker
    outbox: Outbox
    relay: Relay
    consumer: Consumer
    own_consumers: Sequence[Consumer]
    tokens: InternalTokens
    secret: bytes
    metrics: Metrics
    extra: dict[str, Any] = field(default_factory=dict)
    measures: list[Loop] = field(default_factory=list)
    lock_of: LockOfRequest = lambda request: contextlib.nullcontext()

    def consumers(self) -> list[Consumer]:
        """All consumers: first those of the queues beside the main queue, then the main one."""
        return [*self.own_consumers, self.consumer]

    def consumed(self) -> Iterable[tuple[str, int]]:
        """(outcome, number of messages) pairs, summed over all consumers."""
        total: Counter[str] = Counter()
        for consumer in self.consumers():
            total.update(dict(consumer.counters.items()))
        return total.items()

    def caller(self, request: Request) -> Principal:
        """The caller, by the internal token in `Authorization`. Raises `NotSignedIn` when the token is not valid."""
        known = request.scope.get("mycelium_caller")
        if isinstance(known, Principal):
            return known
        header = request.headers.get("authorization", "")
        kind, _, token = header.partition(" ")
        if not header:
            principal = ANONYMOUS
        elif kind.lower() != "bearer" or not token:
            raise NotSignedIn(code="token_refused", message="Send the internal token as a bearer token.")
        else:
            principal = self.tokens.verify(token.strip(), self.name)
        request.scope["mycelium_caller"] = principal
        set_actor(None if principal.kind == "anonymous" else principal.id)
        return principal


def service_of(request: Request) -> Service:
    """The service that handles a request."""
    service: Service = request.app.state.service
    return service


def database_of(request: Request) -> Database:
    """The database of the service that handles a request."""
    return service_of(request).database


async def caller_of(request: Request) -> Principal:
    """The caller. Raises `NotSignedIn` for an anonymous caller. The route itself declares the scope it needs.

    A route that is open to anonymous callers does not take a `Caller`.
    """
    principal = service_of(request).caller(request)
    if principal.kind == "anonymous":
        raise NotSignedIn
    return principal


async def _here(request: Request) -> Service:
    # Async, because FastAPI runs plain dependencies in a thread, which costs more than many a whole read.
    return service_of(request)


async def _db(request: Request) -> Database:
    return database_of(request)


# These limits are for the OpenAPI document only: `page_request` checks them, with a message of its own.
PageSize = Annotated[int | None, Query(json_schema_extra={"minimum": 1, "maximum": MAX_FIRST})]


async def _paging(
    first: PageSize = None,
    after: str | None = None,
    last: PageSize = None,
    before: str | None = None,
    count: bool = False,
) -> PageRequest:
    return page_request(first, after, last, before, count)


Here = Annotated[Service, Depends(_here)]
Db = Annotated[Database, Depends(_db)]
Caller = Annotated[Principal, Depends(caller_of)]
Paging = Annotated[PageRequest, Depends(_paging)]


def create_service(name: str, settings: Settings, features: Sequence[Feature]) -> FastAPI:
    """Make a service's application from its features. Raises `FeaturesClash` when two of them claim the same name."""
    configure_logging(name, level=settings.log_level, json_lines=settings.log_format == "json")
    check_features(features)
    service = build_service(name, settings, subscriptions_of(features))
    service.lock_of = lambda request: lock_of_request(features, service.database, request.path_params)
    unlinked = is_unlinked(features)
    for feature in features:
        if feature.prepare is not None:
            feature.prepare(service)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        starter = asyncio.create_task(_start(service, features), name="start")
        app.state.starter = starter
        try:
            yield
        finally:
            starter.cancel()
            background: list[asyncio.Task[None]] = []
            with contextlib.suppress(asyncio.CancelledError, PyMongoError):
                background = await starter
            for task in background:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            consumers = service.consumers()
            await asyncio.gather(*(consumer.stop(settings.shutdown_seconds) for consumer in consumers))
            await service.relay.stop(settings.shutdown_seconds)
            for feature in features:
                if feature.on_stop is not None:
                    await feature.on_stop(service)
            await service.broker.close()
            await service.mongo.close()

    app = FastAPI(
        title=f"Mycelium {name}",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        telemetry={**configure_tracing(name, settings.otlp_endpoint), "exclude": unlinked},
    )
    app.state.service = service
    app.state.features = features
    describe(app)
    install_problem_handlers(app)
    app.add_middleware(
        RequestMiddleware,
        metrics=service.metrics,
        service=name,
        body_limit=settings.body_limit,
        unlinked=unlinked,
    )
    app.include_router(_operations(service))
    for feature in features:
        if feature.routes is not None:
            app.include_router(feature.routes.router)
    return app


def build_service(name: str, settings: Settings, subscriptions: Subscriptions) -> Service:
    """A service's parts, connected but not started. The demo, tests and tools run commands with them."""
    mongo = Mongo(settings.mongo_url, settings.mongo_driver)
    database = mongo.database(settings.database_name(name))
    box = Outbox(database, name, lease=timedelta(seconds=settings.relay_lease_seconds))
    broker = Broker(settings.amqp_url, settings.name("mycelium"))
    exchange = settings.name("mycelium")
    relay = Relay(box, broker, batch=settings.relay_batch, sweep=timedelta(seconds=settings.relay_sweep_seconds))

    def consume(queue: str, wanted: Subscriptions) -> Consumer:
        names = Names(exchange, settings.name(queue))
        return Consumer(database, broker, names, wanted, prefetch=settings.consumer_prefetch)

    # The other queues are declared first: before the main queue is unbound from a type, its new queue must exist.
    own_consumers = [consume(f"{name}.{queue}", subscriptions.of_queue(queue)) for queue in subscriptions.own_queues()]
    consumer = consume(name, subscriptions)
    secret = decode_secret(settings.secret)
    service = Service(
        name=name,
        settings=settings,
        mongo=mongo,
        database=database,
        broker=broker,
        outbox=box,
        relay=relay,
        consumer=consumer,
        own_consumers=own_consumers,
        tokens=InternalTokens(secret, name),
        secret=secret,
        metrics=Metrics(),
    )
    service.metrics.count("mycelium_consumed", "Messages by what became of them.", service.consumed)
    service.metrics.count(
        "mycelium_relayed",
        "Outbox rows by what became of them.",
        lambda: [("published", relay.published), ("unroutable", relay.unroutable)],
    )
    return service


OWN_INDEXES = (outbox.INDEXES, inbox.INDEXES, idempotency.INDEXES, migrations.INDEXES)


async def ensure_indexes(database: Database, features: Sequence[Feature]) -> None:
    """Create missing collections and indexes: those of these features, and those that every service has."""
    for own in OWN_INDEXES:
        await database.ensure_indexes(own)
    for feature in features:
        await database.ensure_indexes(feature.all_indexes())


async def _start(service: Service, features: Sequence[Feature]) -> list[asyncio.Task[None]]:
    """Start the parts in order, and wait for MongoDB if it is not reachable yet. Returns the background tasks."""
    while True:
        try:
            await ensure_indexes(service.database, features)
            break
        except PyMongoError as error:
            log.warning("database_not_ready", error=f"{type(error).__name__}: {error}"[:300])
            await asyncio.sleep(1.0)
    for feature in features:
        if feature.on_start is not None:
            await feature.on_start(service)
    for consumer in service.consumers():
        await consumer.start()
    await service.relay.start()
    await service.broker.start()
    loops = [loop for feature in features for loop in feature.loops]
    return [asyncio.create_task(_for_ever(loop, service), name=loop.__name__) for loop in loops]


async def _for_ever(loop: Loop, service: Service) -> None:
    """Run a background loop; when it fails, log the error and run it again after a second."""
    while True:
        try:
            await loop(service)
            return
        except (Exception, asyncio.CancelledError):  # a loop must not end silently
            if asked_to_stop():
                raise
            log.exception("loop_failed", loop=loop.__name__)
            await asyncio.sleep(1.0)


def _operations(service: Service) -> APIRouter:
    operations = APIRouter(tags=["operations"], include_in_schema=False)

    @operations.get("/livez")
    async def live() -> Response:
        return Response(b"ok\n", media_type="text/plain")

    @operations.get("/readyz")
    async def ready(request: Request) -> Response:
        missing: list[str] = []
        try:
            async with asyncio.timeout(2):
                await service.mongo.ping()
        except (PyMongoError, TimeoutError):
            missing.append("mongodb")
        if not service.broker.is_connected:
            missing.append("rabbitmq")
        if not missing and not request.app.state.starter.done():
            missing.append("start")
        body = orjson.dumps({"ready": not missing, "missing": missing})
        return Response(body, status_code=503 if missing else 200, media_type="application/json")

    @operations.get("/metrics")
    async def metrics() -> Response:
        with contextlib.suppress(PyMongoError):
            backlog, age = await service.outbox.backlog()
            service.metrics.gauge("mycelium_outbox_backlog", "Messages not yet published.", backlog)
            service.metrics.gauge("mycelium_outbox_age_seconds", "How long the oldest of them has waited.", age)
            for measure in service.measures:
                await measure(service)
        waiting, dead = await depths(service)
        service.metrics.gauge("mycelium_inbox_backlog", "Messages published to here and not yet taken in.", waiting)
        service.metrics.gauge("mycelium_dead_messages", "Parked messages.", dead)
        return Response(service.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return operations


async def depths(service: Service) -> tuple[float, float]:
    """How many messages wait in the service's queues or are being handled, and how many are parked.

    Both are NaN while the broker is unreachable. Neither includes messages that wait for a retry: a counter counts each
    retry when it happens.
    """
    waiting = parked = 0
    try:
        channel = await service.broker.channel()
        async with channel:
            for consumer in service.consumers():
                names = consumer.names
                queue = await channel.declare_queue(names.queue, passive=True, timeout=TIMEOUT)
                dead = await channel.declare_queue(names.dead, passive=True, timeout=TIMEOUT)
                waiting += (queue.declaration_result.message_count or 0) + consumer.in_hand
                parked += dead.declaration_result.message_count or 0
    except (Exception, asyncio.CancelledError):  # a scrape must not fail because of the broker
        if asked_to_stop():
            raise
        return float("nan"), float("nan")
    return float(waiting), float(parked)
