"""Runs notify alone: messages are put into its queue while it is stopped, then it handles them at full speed."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence

from fastapi import FastAPI

from services.notify.app import create_app
from services.notify.endpoints.commands import create_endpoint
from shared import clock
from shared.app import Service
from shared.auth import SCOPES, Principal
from shared.context import current_cause
from shared.contracts.membership.hubs import HubCreated
from shared.contracts.membership.memberships import GroupJoined, Role
from shared.contracts.notify.endpoints import NewEndpoint
from shared.ids import new_id
from shared.messaging.broker import Broker
from shared.messaging.envelope import Message, seal
from shared.settings import Settings

OPERATOR = Principal(kind="client", id=new_id("key"), scopes=frozenset(SCOPES), everywhere=True)
PATIENCE = 120


@contextlib.asynccontextmanager
async def notify_running(settings: Settings) -> AsyncIterator[Service]:
    """Run the service without its HTTP server; it consumes messages."""
    app: FastAPI = create_app(settings)
    async with app.router.lifespan_context(app):
        service: Service = app.state.service
        await app.state.starter
        await service.broker.connected()
        yield service


async def prepare(settings: Settings, urls: Sequence[str]) -> str:
    """Publish a new hub to notify and create an endpoint of the hub for each URL; return the hub's id."""
    hub = new_id("hub")
    async with notify_running(settings) as service:
        created = HubCreated(hub_id=hub, slug="bench", parent_id=None, ancestors=[], version=1)
        await send(service.broker, [created], hub)
        await until(service, 1)
        for url in urls:
            new = NewEndpoint(hub_id=hub, url=url, topics=["membership.group_joined"])
            extra, most = service.extra, settings.webhook_endpoints_per_hub
            await create_endpoint(
                service.database, extra["guard"], extra["seal"], OPERATOR, new, most=most, now=clock.now()
            )
    return hub


async def fill(settings: Settings, hub: str, count: int) -> None:
    """Put `count` public messages into notify's queue."""
    broker = Broker(settings.amqp_url, settings.name("mycelium"))
    await broker.start()
    await broker.connected()
    joined = [
        GroupJoined(
            membership_id=new_id("mem"),
            group_id=new_id("grp"),
            hub_id=hub,
            person_id=new_id("per"),
            roles=[Role.MEMBER],
            version=1,
        )
        for _ in range(count)
    ]
    await send(broker, joined, hub)
    await broker.close()


async def send(broker: Broker, messages: Sequence[Message], hub: str) -> None:
    """Publish messages with confirms, a hundred at a time."""
    for start in range(0, len(messages), 100):
        sealed = [
            (message, *seal(message, source="bench", cause=current_cause(), subject=hub, hub=hub))
            for message in messages[start : start + 100]
        ]
        await asyncio.gather(
            *(broker.publish(type(message).type_name(), identifier, body) for message, identifier, body in sealed)
        )


async def logged(service: Service) -> int:
    """The number of messages in the log."""
    counter = await service.database["messages"].find_one({}, {"sequence": 1}, sort=[("sequence", -1)])
    return int(counter["sequence"]) if counter else 0


async def until(service: Service, count: int) -> float:
    """Wait until the log holds `count` messages; return the time (`time.perf_counter`) at which it did."""
    async with asyncio.timeout(PATIENCE):
        while await logged(service) < count:
            await asyncio.sleep(0.01)
    return time.perf_counter()
