"""What the events service does in the background."""

import asyncio
from datetime import timedelta

from services.events.events.commands import complete_ended_events
from shared import clock
from shared.app import Service

LOOKS_FOR_ENDED = timedelta(seconds=5)


async def complete_ended(service: Service) -> None:
    """For ever: complete events whose end has passed."""
    while True:
        while await complete_ended_events(service.database, now=clock.now()):
            pass
        await asyncio.sleep(LOOKS_FOR_ENDED.total_seconds())
