"""The events service, running, a client for it, and its database."""

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
    from services.events.app import create_app

    return create_app(settings)


@pytest.fixture(scope="module")
async def events(app: FastAPI, settings: Settings) -> AsyncIterator[Client]:
    """The running service, which has heard of a hub and its group; call it: `events.acting_as(a_steward())`."""
    from tests.support.events import GROUP, HUB
    from tests.support.serving import a_client

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
