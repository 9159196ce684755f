"""What the events service does about registrations in the background."""

import asyncio
from datetime import timedelta

from services.events.registrations.narrowing import ask_about_narrowed
from services.events.registrations.promotion import promote_waiting
from shared import clock
from shared.app import Service

LOOKS_FOR_WAITING = timedelta(seconds=1)
LOOKS_FOR_NARROWED = timedelta(seconds=1)


async def promote(service: Service) -> None:
    """For ever: give free seats to people who wait, where one change freed more seats than one step gives."""
    while True:
        while await promote_waiting(service.database, now=clock.now()):
            pass
        await asyncio.sleep(LOOKS_FOR_WAITING.total_seconds())


async def ask_about_audiences(service: Service) -> None:
    """For ever: ask membership about the registered people of events whose audience was narrowed."""
    while True:
        while await ask_about_narrowed(service.database, now=clock.now()):
            pass
        await asyncio.sleep(LOOKS_FOR_NARROWED.total_seconds())
