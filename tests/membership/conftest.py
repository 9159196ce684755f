"""The membership service, running, a client for it, and its database."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from services.membership.app import create_app
from shared.mongo import Database
from shared.settings import Settings
from tests.support.serving import Client, a_client


@pytest.fixture(scope="module")
def app(settings: Settings) -> FastAPI:
    """The application, not yet started."""
    return create_app(settings)


@pytest.fixture(scope="module")
async def membership(app: FastAPI, settings: Settings) -> AsyncIterator[Client]:
    """The running service; call it as whom you need: `membership.acting_as(an_operator())`."""
    async with a_client(app, "membership", settings) as client:
        yield client


@pytest.fixture(scope="module")
def database(membership: Client, app: FastAPI) -> Database:
    """The running service's database."""
    database: Database = app.state.service.database
    return database
