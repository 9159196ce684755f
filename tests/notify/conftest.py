"""The notify service, running for one module's tests."""

from collections.abc import AsyncIterator

import pytest

from shared.settings import Settings
from tests.support.notify import Notify, running_notify


@pytest.fixture(scope="module")
async def notify(settings: Settings) -> AsyncIterator[Notify]:
    """The service on this module's own databases and queues."""
    async with running_notify(settings) as running:
        yield running
