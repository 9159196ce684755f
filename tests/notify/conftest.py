"""The notify service, running for one module's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from shared.settings import Settings
    from tests.support.notify import Notify


@pytest.fixture(scope="module")
async def notify(settings: Settings) -> AsyncIterator[Notify]:
    """The service on this module's own databases and queues."""
    from tests.support.notify import running_notify

    async with running_notify(settings) as running:
        yield running
