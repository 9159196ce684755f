"""The membership service, running, a client for it, and its database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fastapi import FastAPI

    from shared.mongo import Database
    from shared.settings import Settings
    from tests.support.serving import Client


@pytest.fixture(scope="module")
def app(settings: Settings) -> FastAPI:
    """The application, not yet started."""
    from services.membership.app import create_app

    return create_app(settings)


@pytest.fixture(scope="module")
async def membership(app: FastAPI, settings: Settings) -> AsyncIterator[Client]:
    """The running service; call it as whom you need: `membership.acting_as(an_operator())`."""
    from tests.support.serving import a_client

    async with a_client(app, "membership", settings) as client:
        yield client


@pytest.fixture(scope="module")
def database(membership: Client, app: FastAPI) -> Database:
    """The running service's database."""
    database: Database = app.state.service.database
    return database
