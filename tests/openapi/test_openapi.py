"""Each service answers what its OpenAPI document says, and only that, whatever schemathesis sends it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from shared.settings import SERVICES
from tests.openapi.running import a_world, ask
from tests.openapi.world import World
from tests.support.namespaces import clear, new_namespace, settings_for
from tests.support.stack import Stack

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
async def running(
    mongo_url: str, amqp_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Stack, World]]:
    """The product, with something of each kind in it."""
    namespace = new_namespace()
    settings = settings_for(namespace, mongo_url, amqp_url, log_level="ERROR")
    async with a_world(settings, tmp_path_factory.mktemp("mail")) as started:
        yield started
    await asyncio.to_thread(clear, namespace, mongo_url, amqp_url)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_answers_what_its_document_says(running: tuple[Stack, World], service: str) -> None:
    stack, world = running
    finding = await ask(stack, world, service)
    print(finding.said)  # pytest shows it when the test fails; `make test-openapi` always
    assert finding.failures == 0, f"{finding.failures} different failures of {service}"
