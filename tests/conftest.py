"""Fixtures every test may ask for: the real parts, and settings that point at them."""

import base64
import secrets
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from pydantic import SecretStr
from pymongo import MongoClient

from shared.settings import Settings
from tests.support.parts import Parts
from tests.support.receiver import Receiver, a_receiver


@pytest.fixture(scope="session")
def parts(request: pytest.FixtureRequest) -> Iterator[Parts]:
    """The MongoDB and RabbitMQ of this run; only what the chosen tests use is started, side by side."""
    wanted = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    started = Parts()
    try:
        started.start(mongo="mongo_url" in wanted, amqp="amqp_url" in wanted)
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="session")
def mongo_url(parts: Parts) -> str:
    """A MongoDB replica set that takes writes."""
    return parts.mongo_url()


@pytest.fixture(scope="session")
def amqp_url(parts: Parts) -> str:
    """A RabbitMQ broker that answers."""
    return parts.amqp_url()


@pytest.fixture(scope="module")
def namespace(request: pytest.FixtureRequest) -> Iterator[str]:
    """A short name of this module's own, put before its databases (dropped at its end), exchange and queues."""
    name = "t" + secrets.token_hex(5)
    uses_mongo = any(
        item.getparent(pytest.Module) is request.node and "mongo_url" in getattr(item, "fixturenames", ())
        for item in request.session.items
    )
    mongo_url = request.getfixturevalue("mongo_url") if uses_mongo else None
    yield name
    if mongo_url is not None:
        drop_databases(mongo_url, name)


def drop_databases(mongo_url: str, namespace: str) -> None:
    """Drop every database of a namespace."""
    client: MongoClient[dict[str, Any]] = MongoClient(mongo_url)
    try:
        for name in client.list_database_names():
            if name.startswith(f"{namespace}-"):
                client.drop_database(name)
    finally:
        client.close()


@pytest.fixture(scope="module")
def settings(namespace: str, mongo_url: str, amqp_url: str) -> Settings:
    """Settings for one module's services, on the run's real parts and in the module's own namespace."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings takes it, mypy does not see it
        environment="test",
        namespace=namespace,
        mongo_url=mongo_url,
        amqp_url=amqp_url,
        secret=_a_secret(),
        signing_key=_a_secret(),
        webhooks_allow_private=True,
    )


def _a_secret() -> SecretStr:
    return SecretStr(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A real HTTP server that records the webhooks it is sent."""
    async with a_receiver() as started:
        yield started
