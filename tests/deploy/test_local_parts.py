"""The real MongoDB and RabbitMQ that tests and the local stack stand on."""

import os
from pathlib import Path
from typing import Any

import aio_pika
import pytest
from pamqp.common import FieldTable
from pymongo import AsyncMongoClient, MongoClient

from deploy.local.mongo import TRANSACTION_SECONDS, Mongo, start_mongo
from deploy.local.ports import answers, free_ports
from deploy.local.processes import StartFailed
from deploy.local.rabbitmq import RabbitMQ, start_rabbitmq
from tests.support.waiting import eventually

QUORUM: FieldTable = {"x-queue-type": "quorum"}


async def test_mongo_is_a_replica_set_that_takes_transactions(mongo_url: str, namespace: str) -> None:
    async with AsyncMongoClient[dict[str, Any]](mongo_url) as client:
        people = client[f"{namespace}-parts"].people
        async with client.start_session() as session, await session.start_transaction():
            await people.insert_one({"_id": "a"}, session=session)
            assert await people.count_documents({}) == 0
        assert await people.count_documents({}) == 1


async def test_rabbitmq_offers_durable_quorum_queues(amqp_url: str, namespace: str) -> None:
    async with await aio_pika.connect(amqp_url, timeout=10) as connection:
        channel = await connection.channel(on_return_raises=True)
        queue = await channel.declare_queue(f"{namespace}.parts", durable=True, arguments=QUORUM)
        await channel.default_exchange.publish(aio_pika.Message(b"hello"), queue.name, timeout=10)
        message = await eventually(lambda: queue.get(fail=False))
        assert message.body == b"hello"
        await message.ack()


def test_mongo_soon_lets_go_of_what_a_killed_process_had_locked(tmp_path: Path) -> None:
    limit = "transactionLifetimeLimitSeconds"
    with start_mongo(tmp_path) as url, MongoClient[dict[str, Any]](url) as client:
        assert client.admin.command({"getParameter": 1, limit: 1})[limit] == TRANSACTION_SECONDS == 10


def test_mongo_keeps_its_documents_when_it_moves_to_another_port(tmp_path: Path) -> None:
    for count, port in enumerate(free_ports(0, 0), start=1):
        with start_mongo(tmp_path, port) as url, MongoClient[dict[str, Any]](url) as client:
            assert url == f"mongodb://127.0.0.1:{port}/?replicaSet=rs0"
            client.kept.people.insert_one({})
            assert client.kept.people.count_documents({}) == count
        assert not answers(port)


async def test_rabbitmq_keeps_its_messages_when_it_moves_to_another_port(tmp_path: Path) -> None:
    first, second = free_ports(0, 0)
    with start_rabbitmq(tmp_path, first) as url:
        async with await aio_pika.connect(url, timeout=10) as connection:
            channel = await connection.channel(on_return_raises=True)
            queue = await channel.declare_queue("kept", durable=True, arguments=QUORUM)
            kept = aio_pika.Message(b"kept", delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
            await channel.default_exchange.publish(kept, queue.name, timeout=10)
    assert not answers(first)
    with start_rabbitmq(tmp_path, second) as url:
        async with await aio_pika.connect(url, timeout=10) as connection:
            queue = await (await connection.channel()).get_queue("kept")
            message = await eventually(lambda: queue.get(fail=False))
            assert message.body == b"kept"


async def test_rabbitmq_hears_nothing_of_the_callers_own_broker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RABBITMQ_NODENAME", "somebody@else")
    monkeypatch.setenv("ERL_EPMD_PORT", "4369")
    broker = RabbitMQ(tmp_path, free_ports(0)[0])
    try:
        broker.start()
        # Empty for the instant in which one program makes way for the next: setpriv for the broker.
        environment = await eventually(Path(f"/proc/{broker.process.pid}/environ").read_bytes)
    finally:
        broker.stop()
    told = dict(line.split(b"=", 1) for line in environment.split(b"\0") if line)
    assert told[b"RABBITMQ_NODENAME"].startswith(b"mycelium-")
    assert told[b"ERL_EPMD_PORT"] != b"4369"
    assert told[b"HOME"] == os.fsencode(tmp_path / "home")


def test_a_database_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    mongo = Mongo(tmp_path, free_ports(0)[0])
    mongo.process.start()
    with pytest.raises(StartFailed, match=r"(?s)mongo ended with .*data"):
        mongo.wait_ready()
    mongo.stop()
