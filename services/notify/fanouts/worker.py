"""Works at fan-outs in the background, one transaction for each hub in turn, so that none waits for another's flood."""

import asyncio
import contextlib
import random
import time
from datetime import timedelta

from services.notify.fanouts import store
from services.notify.fanouts.commands import fan_out_some
from services.notify.fanouts.waking import alarm_of
from shared import clock
from shared.logging import log
from shared.mongo import Database, PyMongoError, TooBusy

LOOKED_EVERY = timedelta(seconds=1)


async def fan_out_for_ever(database: Database) -> None:
    """Work at fan-outs: at once when woken, and every second, for those of processes that ended."""
    alarm = alarm_of(database)
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOKED_EVERY.total_seconds()):
                await alarm.wait()
        alarm.clear()
        try:
            while await fan_out_once(database):
                pass
        except (PyMongoError, TooBusy) as error:
            log.warning("fanouts_cannot_be_worked_at", error=type(error).__name__)


async def fan_out_once(database: Database) -> int:
    """One transaction for each hub that has fan-outs. Gives how many hubs there were."""
    hubs = await store.hubs(database)
    random.shuffle(hubs)  # so that replicas seldom meet at one hub
    for hub_id in hubs:
        began = time.monotonic()
        await fan_out_some(database, hub_id, now=clock.now())
        await asyncio.sleep(2 * (time.monotonic() - began))  # most of the time is for others: this can wait
    return len(hubs)
