"""The events service, running, a client for it, and its database."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from services.events.app import create_app
from shared.mongo import Database
from shared.settings import Settings
from tests.support.serving import Client, a_client


@pytest.fixture(scope="module")
def app(settings: Settings) -> FastAPI:
    """The application, not yet started."""
    return create_app(settings)


@pytest.fixture(scope="module")
async def events(app: FastAPI, settings: Settings) -> AsyncIterator[Client]:
    """The running service; call it as whom you need: `events.acting_as(a_steward())`."""
    async with a_client(app, "events", settings) as client:
        yield client


@pytest.fixture(scope="module")
def database(events: Client, app: FastAPI) -> Database:
    """The running service's database."""
    database: Database = app.state.service.database
    return database
