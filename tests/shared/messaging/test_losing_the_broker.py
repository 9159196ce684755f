"""What goes on after the broker was lost at a bad moment: while setting up, while it hung, while it dropped a queue."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aio_pika.abc import AbstractChannel

from shared.app import Service
from shared.messaging.broker import Broker
from shared.messaging.reactions import Received, Subscriptions
from shared.mongo import Transaction
from shared.settings import Settings
from tests.shared.messaging.wire import Wire, a_wire
from tests.support.service import StoneThrown, a_running, throw
from tests.support.waiting import eventually


@pytest.fixture
async def wire(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    """A wire on which it soon shows that nothing comes."""
    monkeypatch.setattr("shared.messaging.broker.HEARTBEAT_SECONDS", 1)
    monkeypatch.setattr("shared.messaging.broker.RECONNECT_SECONDS", 0.05)
    async with a_wire(settings.amqp_url) as made:
        yield made


async def counted(service: Service, *numbers: int) -> None:
    async def all_counted() -> bool:
        return {row["_id"] async for row in service.database["ripples"].find()} == set(numbers)

    await eventually(all_counted, within=20)


async def test_a_connection_that_hangs_while_it_is_set_up_is_made_anew(settings: Settings, wire: Wire) -> None:
    broker = Broker(wire.url, settings.name("mycelium"))
    made: list[int] = []

    async def set_up() -> AbstractChannel:
        made.append(1)
        if len(made) == 1:
            wire.hold()  # the answer to what is asked next does not come
        return await broker.channel()

    broker.on_connect(set_up)
    await broker.start()
    try:
        await eventually(lambda: made)
        asking = broker.connection
        await eventually(lambda: broker.connection is not asking, within=20)
        wire.let_go()
        await eventually(lambda: broker.is_connected)
    finally:
        await broker.close()


async def test_what_was_being_swept_when_the_broker_hung_goes_out_when_it_is_back(
    settings: Settings, wire: Wire
) -> None:
    through = settings.model_copy(update={"amqp_url": wire.url, "relay_sweep_seconds": 0.1})
    async with a_running("hung", through) as service:
        service.outbox.committed = lambda rows, token, since: None
        wire.hold()
        await throw(service.database, 1)
        row = await service.database["outbox"].find_one({})
        await service.database["outbox"].update_one({}, {"$set": {"lease.until": row["recorded_at"]}})
        await eventually(lambda: not service.broker.is_connected, within=20)
        wire.let_go()
        await counted(service, 1)


async def test_a_consumer_that_was_putting_a_message_aside_when_the_broker_hung_goes_on(
    settings: Settings, wire: Wire
) -> None:
    tried: list[int] = []

    async def batch(tx: Transaction, received: list[Received]) -> None:
        tried.append(1)
        if len(tried) == 1:
            wire.hold()
            raise ValueError("not now")
        numbers = [one.envelope.read(StoneThrown).number for one in received]
        await tx.database["ripples"].insert_many([{"_id": n} for n in numbers])

    subscriptions = Subscriptions(batched=(StoneThrown,), batch=batch)  # type: ignore[arg-type]
    through = settings.model_copy(update={"amqp_url": wire.url})
    async with a_running("aside", through, subscriptions) as service:
        await throw(service.database, 1)
        await eventually(lambda: tried)
        await eventually(lambda: not service.broker.is_connected, within=20)
        wire.let_go()
        await throw(service.database, 2)
        await counted(service, 1, 2)


async def test_a_consumer_whose_queue_was_deleted_makes_it_anew_and_goes_on(settings: Settings, wire: Wire) -> None:
    async with a_running("bereft", settings) as service:
        channel, connection = await service.broker.channel(), service.broker.connection
        await (await channel.get_queue(service.consumer.names.queue)).delete(if_unused=False, if_empty=False)
        await eventually(lambda: service.broker.is_connected and service.broker.connection is not connection)
        await throw(service.database, 1)
        await counted(service, 1)


async def test_a_connection_that_swallows_the_wish_to_stop_keeps_nobody_from_stopping(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the client does now and then, when what it connects to refuses it at that very moment."""
    tries: list[int] = []

    async def connect(self: Broker) -> None:
        tries.append(1)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if len(tries) > 1:
                raise
            raise ConnectionRefusedError from None

    monkeypatch.setattr(Broker, "_connect", connect)
    monkeypatch.setattr("shared.messaging.broker.RECONNECT_SECONDS", 0.05)
    broker = Broker(settings.amqp_url, settings.name("mycelium"))
    await broker.start()
    await eventually(lambda: tries)
    closing = asyncio.create_task(broker.close())
    done, _ = await asyncio.wait([closing], timeout=5)
    closing.cancel()
    assert done == {closing}
    assert len(tries) == 1
