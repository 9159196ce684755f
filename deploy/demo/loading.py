"""Loads the demo: membership first, then members of groups, events and the log concurrently."""

import asyncio
from contextlib import AsyncExitStack
from datetime import date
from functools import partial

from deploy.demo.community import compose
from deploy.demo.ledger import COLLECTION, EVERYTHING, Made, once
from deploy.demo.load_events import load_events
from deploy.demo.load_learning import load_entries
from deploy.demo.load_membership import load_members, load_membership
from deploy.demo.load_support import load_support_requests
from deploy.demo.loaded import Loaded, a_writer
from deploy.features import FEATURES
from shared.app import Service, ensure_indexes
from shared.settings import Settings

WRITTEN = ("membership", "events", "learning")


async def load_demo(settings: Settings, today: date) -> None:
    """Load what is not loaded yet. An interrupted load continues where it stopped, with the date on which it began."""
    async with AsyncExitStack() as opened:
        services = {name: a_writer(name, settings) for name in WRITTEN}
        for service in services.values():
            opened.push_async_callback(service.mongo.close)
        await asyncio.gather(*(_prepare(service) for service in services.values()))
        await _load(services, today)


async def _prepare(service: Service) -> None:
    await ensure_indexes(service.database, FEATURES[service.name])
    await service.database.ensure_indexes({COLLECTION: ()})


async def _load(services: dict[str, Service], today: date) -> None:
    membership = services["membership"].database
    began = await once(membership, "day", partial(_noted, {"today": today.isoformat()}))
    day = date.fromisoformat(began["today"])
    loaded = Loaded(services["membership"], services["events"], services["learning"], compose(day), day)
    await load_membership(loaded)

    async def events_and_their_entries() -> None:
        await load_events(loaded)
        await load_entries(loaded, about_events=True)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(load_members(loaded))
        tasks.create_task(events_and_their_entries())
        tasks.create_task(load_entries(loaded, about_events=False))
        tasks.create_task(load_support_requests(loaded))
    await once(membership, EVERYTHING, partial(_noted, {}))


async def _noted(made: Made) -> Made:
    return made
