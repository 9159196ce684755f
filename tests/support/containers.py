"""MongoDB and RabbitMQ from their official images, if a Docker engine answers."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

_ALREADY_INITIALISED = 23  # MongoDB's error code AlreadyInitialized


def start_mongo_container(ends: ExitStack, image: str) -> Callable[[], str]:
    """Start a one-node replica set; return a function that waits until it accepts writes and returns its URL."""
    container = DockerContainer(image).with_exposed_ports(27017)
    container.with_command(
        "mongod --replSet rs0 --bind_ip_all --wiredTigerCacheSizeGB 0.5"
        " --setParameter transactionLifetimeLimitSeconds=10"
    )
    ends.callback(container.stop)
    container.start()

    def ready() -> str:
        # The node's name for itself is valid only inside the container, so clients must not use it.
        address = f"{container.get_container_host_ip()}:{container.get_exposed_port(27017)}"
        url = f"mongodb://{address}/?directConnection=true"
        client: MongoClient[dict[str, Any]] = MongoClient(url, serverSelectionTimeoutMS=30_000)
        try:
            members = [{"_id": 0, "host": "127.0.0.1:27017"}]
            try:
                client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
            except OperationFailure as refused:
                if refused.code != _ALREADY_INITIALISED:
                    raise
            _wait_for_primary(client)
        finally:
            client.close()
        return url

    return ready


def start_rabbitmq_container(ends: ExitStack, image: str) -> Callable[[], str]:
    """Start a broker; return a function that waits until it answers and returns its URL."""
    container = DockerContainer(image).with_exposed_ports(5672)
    ends.callback(container.stop)
    container.start()

    def ready() -> str:
        strategy = LogMessageWaitStrategy("Server startup complete").with_startup_timeout(90)
        strategy.wait_until_ready(container)
        return f"amqp://guest:guest@{container.get_container_host_ip()}:{container.get_exposed_port(5672)}/"

    return ready


def _wait_for_primary(client: MongoClient[dict[str, Any]]) -> None:
    """Wait until the node is elected primary (it polls `hello`, for at most 30 s)."""
    for _ in range(300):
        try:
            hello = client.admin.command("hello")
            if hello.get("isWritablePrimary"):
                return
            client.admin.command("hello", topologyVersion=hello["topologyVersion"], maxAwaitTimeMS=100)
        except PyMongoError:
            continue
    raise TimeoutError("MongoDB's container elected no primary")
