"""Separate namespaces for tests that share one MongoDB and one RabbitMQ."""

import asyncio
import base64
import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aio_pika
from pydantic import SecretStr
from pymongo import MongoClient

from shared.messaging.topology import RETRIES, Names
from shared.settings import Settings


def new_namespace() -> str:
    """A short name that no other test run has."""
    return "t" + secrets.token_hex(5)


def settings_for(namespace: str, mongo_url: str, amqp_url: str, **more: Any) -> Settings:
    """Settings for tests, with new secrets and the values of `more`. Reads no `.env`."""
    wanted: dict[str, Any] = {
        "environment": "test",
        "namespace": namespace,
        "mongo_url": mongo_url,
        "amqp_url": amqp_url,
        "secret": a_secret(),
        "signing_key": a_secret(),
        "webhooks_allow_private": True,
    }
    return Settings(_env_file=None, **{**wanted, **more})


def a_secret() -> SecretStr:
    """32 random bytes, base64url."""
    return SecretStr(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())


def clear(namespace: str, mongo_url: str, amqp_url: str | None) -> None:
    """Drop every database of a namespace, and the queues and exchanges of the services they belong to."""
    services = drop_databases(mongo_url, namespace)
    if amqp_url is not None and services:
        # In another thread, because the tests' event loop may be running in this one.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(_drop_queues(namespace, amqp_url, services))).result()


def drop_databases(mongo_url: str, namespace: str) -> list[str]:
    """Drop every database of a namespace; return the names of the services they belonged to."""
    client: MongoClient[dict[str, Any]] = MongoClient(mongo_url)
    try:
        found = [name for name in client.list_database_names() if name.startswith(f"{namespace}-")]
        for name in found:
            client.drop_database(name)
    finally:
        client.close()
    return [name.removeprefix(f"{namespace}-") for name in found]


async def _drop_queues(namespace: str, amqp_url: str, services: Iterable[str]) -> None:
    """Delete queues and exchanges, so that they do not accumulate in a broker that stays for many runs."""
    connection = await aio_pika.connect(amqp_url, timeout=10)
    async with connection, connection.channel() as channel:
        exchange = f"{namespace}.mycelium"
        for service in services:
            names = Names(exchange, f"{namespace}.{service}")
            for queue in (names.queue, names.dead, *(names.retry(label) for label, _ in RETRIES)):
                await channel.queue_delete(queue, timeout=10)
        for name in (exchange, f"{exchange}.dead"):
            await channel.exchange_delete(name, timeout=10)
