"""Clearing a namespace deletes everything in it from a MongoDB and a RabbitMQ that keep running."""

import asyncio

import aio_pika
import pytest
from aio_pika.exceptions import ChannelNotFoundEntity

from shared.messaging.topology import RETRIES
from tests.support.namespaces import clear, drop_databases, new_namespace, settings_for
from tests.support.service import a_running, throw


async def test_a_namespace_that_is_cleared_leaves_no_database_no_queue_and_no_exchange(
    mongo_url: str, amqp_url: str
) -> None:
    namespace = new_namespace()
    async with a_running("pond", settings_for(namespace, mongo_url, amqp_url)) as service:
        await throw(service.database, 1)
    await asyncio.to_thread(clear, namespace, mongo_url, amqp_url)
    assert drop_databases(mongo_url, namespace) == []
    queues = [
        f"{namespace}.pond",
        f"{namespace}.pond.dead",
        *(f"{namespace}.pond.retry.{label}" for label, _ in RETRIES),
    ]
    async with await aio_pika.connect(amqp_url) as connection:
        for queue in queues:
            channel = await connection.channel()
            with pytest.raises(ChannelNotFoundEntity):
                await channel.get_queue(queue)
        for exchange in (f"{namespace}.mycelium", f"{namespace}.mycelium.dead"):
            channel = await connection.channel()
            with pytest.raises(ChannelNotFoundEntity):
                await channel.get_exchange(exchange)
