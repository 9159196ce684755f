"""The events service, wired."""

import asyncio
from datetime import timedelta

from fastapi import FastAPI

from services.events.gatherings import routes as gatherings
from services.events.gatherings import store as gatherings_store
from services.events.gatherings.commands import complete_ended_events
from services.events.groups import store as groups_store
from services.events.registrations import routes as registrations
from services.events.registrations import store as registrations_store
from services.events.subscriptions import SUBSCRIPTIONS
from services.events.turns import turn_of_request
from shared import clock
from shared.app import Service, create_service
from shared.settings import Settings

LOOKS_FOR_ENDED = timedelta(seconds=5)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application: `uvicorn --factory services.events.app:create_app`."""
    return create_service(
        "events",
        settings or Settings(),
        routers=(gatherings.routes, registrations.routes),
        subscriptions=SUBSCRIPTIONS,
        indexes=(gatherings_store.INDEXES, registrations_store.INDEXES, groups_store.INDEXES),
        loops=(complete_ended,),
        prepare=_prepare,
    )


async def complete_ended(service: Service) -> None:
    """For ever: complete events whose end has passed."""
    while True:
        while await complete_ended_events(service.database, now=clock.now()):
            pass
        await asyncio.sleep(LOOKS_FOR_ENDED.total_seconds())


def _prepare(service: Service) -> None:
    service.turn = lambda request: turn_of_request(service.database, request.path_params)
