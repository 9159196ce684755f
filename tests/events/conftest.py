"""The events service, running, a client for it, and its database."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from services.events.app import create_app
from shared.mongo import Database
from shared.settings import Settings
from tests.support.events import GROUP, HUB
from tests.support.serving import Client, a_client


@pytest.fixture(scope="module")
def app(settings: Settings) -> FastAPI:
    """The application, not yet started."""
    return create_app(settings)


@pytest.fixture(scope="module")
async def events(app: FastAPI, settings: Settings) -> AsyncIterator[Client]:
    """The running service, which has heard of a hub and its group; call it: `events.acting_as(a_steward())`."""
    async with a_client(app, "events", settings) as client:
        known: Database = app.state.service.database
        await known["hubs"].insert_one({"_id": HUB})
        await known["groups"].insert_one({"_id": GROUP, "hub_id": HUB})
        yield client


@pytest.fixture(scope="module")
def database(events: Client, app: FastAPI) -> Database:
    """The running service's database."""
    database: Database = app.state.service.database
    return database
