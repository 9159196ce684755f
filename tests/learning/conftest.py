"""The learning service, running for one module's tests."""

from collections.abc import AsyncIterator

import pytest

from shared.settings import Settings
from tests.support.learning import Learning, running_learning


@pytest.fixture(scope="module")
async def learning(settings: Settings) -> AsyncIterator[Learning]:
    """The service on this module's own databases and queues."""
    async with running_learning(settings) as running:
        yield running
