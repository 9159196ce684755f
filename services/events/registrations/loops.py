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
    """For ever: go on giving free seats to those who wait, where one change freed more than it could give."""
    while True:
        while await promote_waiting(service.database, now=clock.now()):
            pass
        await asyncio.sleep(LOOKS_FOR_WAITING.total_seconds())


async def ask_about_audiences(service: Service) -> None:
    """For ever: ask membership which of the registered people may still see an event that fewer may see now."""
    while True:
        while await ask_about_narrowed(service.database, now=clock.now()):
            pass
        await asyncio.sleep(LOOKS_FOR_NARROWED.total_seconds())
