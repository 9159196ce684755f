"""Builders for tests of notify: callers, messages of other services, and what notify has stored."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from services.notify.app import create_app
from services.notify.deliveries.dispatch import Dispatcher
from shared.app import Service
from shared.auth import Principal
from shared.contracts.events.events import EventPublished, EventVisibility
from shared.contracts.membership.hubs import HubCreated
from shared.ids import new_id
from shared.messaging.broker import Broker
from shared.messaging.envelope import Message, seal
from shared.settings import Settings
from tests.support.callers import an_operator as an_operator
from tests.support.receiver import Received, Receiver
from tests.support.serving import Client, a_client
from tests.support.waiting import eventually


@dataclass(frozen=True)
class Notify:
    """A running notify service: a client for its routes, its parts, and a broker to publish messages to it."""

    client: Client
    service: Service
    broker: Broker

    @property
    def dispatcher(self) -> Dispatcher:
        """The dispatcher, which sends its webhooks."""
        dispatcher: Dispatcher = self.service.extra["dispatcher"]
        return dispatcher

    def by(self, principal: Principal | None) -> Client:
        """The client, with this principal as the caller."""
        return self.client.acting_as(principal)

    async def tell(self, message: Message, **about: Any) -> str:
        """Publish a message as its own service would; return its id. `about`: arguments of `seal`."""
        about = {"source": message.topic.partition(".")[0], "subject": "subject", **about}
        message_id, body = seal(message, **about)
        await self.tell_bytes(message.type_name(), message_id, body)
        return message_id

    async def tell_bytes(self, type_name: str, message_id: str, body: bytes) -> None:
        """Publish these bytes."""
        await self.broker.publish(type_name, message_id, body)

    async def a_hub(self, *above: str) -> str:
        """Create a hub that notify knows, below these hubs (nearest first); return its id."""
        hub = new_id("hub")
        parent = above[0] if above else None
        message = HubCreated(hub_id=hub, slug=hub[-8:], parent_id=parent, ancestors=list(above), version=1)
        await self.tell(message, subject=hub, hub=hub)
        await eventually(lambda: self.service.database["hubs"].find_one({"_id": hub}))
        return hub

    async def an_endpoint(self, hub: str, url: str, **fields: Any) -> dict[str, Any]:
        """Create an endpoint of this hub with the hub's key; return `{endpoint, secret}`."""
        answer = await self.by(a_hub_key(hub)).post("/endpoints", {"hub_id": hub, "url": url, **fields})
        assert answer.status == 201, answer.body
        made: dict[str, Any] = answer.body
        return made

    async def publish_event(self, hub: str) -> str:
        """Publish `EventPublished` for this hub; return the message's id."""
        event = an_event_published(hub)
        return await self.tell(event, subject=event.event_id, hub=hub)

    async def deliveries(self, hub: str, **params: Any) -> list[dict[str, Any]]:
        """The deliveries of a hub's endpoints, newest first."""
        answer = await self.by(a_hub_key(hub)).get("/deliveries", params=params)
        assert answer.status == 200, answer.body
        nodes: list[dict[str, Any]] = answer.body["nodes"]
        return nodes

    async def settled(self, hub: str, status: str = "succeeded") -> dict[str, Any]:
        """Wait until the only delivery to a hub's endpoints has this status; return it."""

        async def look() -> dict[str, Any]:
            [delivery] = await self.deliveries(hub) or [{"status": "not there yet"}]
            assert delivery["status"] == status, delivery
            return delivery

        return await eventually(look)

    async def tried(self, hub: str, times: int) -> dict[str, Any]:
        """Wait until the only delivery to a hub's endpoints has this many attempts; return it."""

        async def look() -> dict[str, Any]:
            [delivery] = await self.deliveries(hub) or [{"attempts": []}]
            assert len(delivery["attempts"]) == times, delivery
            return delivery

        return await eventually(look)

    async def bring_forward(self, delivery_id: str, *, tries: int | None = None) -> None:
        """Make a delivery due now; `tries`: as if this many attempts had been made."""
        change: dict[str, Any] = {"next_attempt_at": datetime.now(UTC)}
        if tries is not None:
            change["tries"] = tries
        await self.service.database["deliveries"].update_one({"_id": delivery_id}, {"$set": change})

    async def logged(self, hub: str) -> list[dict[str, Any]]:
        """The log's messages about a hub, in order, without the creation of hubs."""
        answer = await self.by(a_hub_key(hub)).get("/messages", params={"hub": hub, "first": 100})
        assert answer.status == 200, answer.body
        return [node for node in answer.body["nodes"] if node["topic"] != "membership.hub_created"]


@asynccontextmanager
async def running_notify(settings: Settings) -> AsyncIterator[Notify]:
    """Run the service on real parts while the block runs."""
    app = create_app(settings)
    broker = Broker(settings.amqp_url, settings.name("mycelium"))
    await broker.start()
    try:
        async with a_client(app, "notify", settings) as client:
            await broker.connected()
            yield Notify(client, app.state.service, broker)
    finally:
        await broker.close()


def an_event_published(hub: str) -> EventPublished:
    """The message about an event that the community can see."""
    starts_at = datetime.now(UTC) + timedelta(days=30)
    return EventPublished(
        event_id=new_id("evt"),
        hub_id=hub,
        group_id=None,
        version=2,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        visibility=EventVisibility.COMMUNITY,
    )


def a_hub_key(*hubs: str, scopes: frozenset[str] = frozenset({"webhooks:manage"})) -> Principal:
    """The API key of a hub and the hubs below it."""
    return Principal(kind="client", id=new_id("key"), scopes=scopes, hubs=frozenset(hubs), steward_of=frozenset(hubs))


def webhooks(receiver: Receiver, message_id: str) -> list[Received]:
    """The requests with one message that a receiver got, in order."""
    return [one for one in receiver.received if one.headers.get("webhook-id") == message_id]
