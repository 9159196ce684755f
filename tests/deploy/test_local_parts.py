"""The real MongoDB and RabbitMQ that tests and the local stack stand on."""

from typing import Any

import aio_pika
from pymongo import AsyncMongoClient

from tests.support.waiting import eventually


async def test_mongo_is_a_replica_set_that_takes_transactions(mongo_url: str, namespace: str) -> None:
    async with AsyncMongoClient[dict[str, Any]](mongo_url) as client:
        people = client[f"{namespace}-parts"].people
        async with client.start_session() as session, await session.start_transaction():
            await people.insert_one({"_id": "a"}, session=session)
            assert await people.count_documents({}) == 0
        assert await people.count_documents({}) == 1


async def test_rabbitmq_offers_durable_quorum_queues(amqp_url: str, namespace: str) -> None:
    connection = await aio_pika.connect(amqp_url, timeout=10)
    async with connection:
        channel = await connection.channel(on_return_raises=True)
        queue = await channel.declare_queue(f"{namespace}.q", durable=True, arguments={"x-queue-type": "quorum"})
        await channel.default_exchange.publish(aio_pika.Message(b"hello"), queue.name, timeout=10)
        message = await eventually(lambda: queue.get(fail=False))
        assert message.body == b"hello"
        await message.ack()
