"""The learning service, running for one module's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from shared.settings import Settings
    from tests.support.learning import Learning


@pytest.fixture(scope="module")
async def learning(settings: Settings) -> AsyncIterator[Learning]:
    """The service on this module's own databases and queues."""
    from tests.support.learning import running_learning

    async with running_learning(settings) as running:
        yield running
