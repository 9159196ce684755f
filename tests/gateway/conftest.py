"""The whole product, running once for all tests of the gateway, with a small community in it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.gateway.community import Community, a_community
from tests.support.namespaces import clear, new_namespace, settings_for
from tests.support.stack import Stack, running_stack


@pytest.fixture(scope="session")
async def stack(mongo_url: str, amqp_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """Four services and a gateway in this event loop, on real ports, database and broker."""
    namespace = new_namespace()
    settings = settings_for(
        namespace, mongo_url, amqp_url, graphiql=True, cors_origins="https://north.example.org", log_level="WARNING"
    )
    async with running_stack(settings, tmp_path_factory.mktemp("mail")) as started:
        yield started
    await asyncio.to_thread(clear, namespace, mongo_url, amqp_url)


@pytest.fixture(scope="session")
async def community(stack: Stack) -> Community:
    """Hubs, groups, people and keys."""
    return await a_community(stack)
