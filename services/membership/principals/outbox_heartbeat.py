"""Tells the gateways, again and again, that membership's outbox holds no change they have not been told of.

The gateways remember what credentials open, and drop it by membership's messages. A gateway cannot see that a message
is late: that another replica, or this one, cannot reach the broker. So membership says that none is.
"""

import asyncio
import contextlib
from datetime import timedelta

from shared import clock
from shared.app import Service
from shared.contracts.membership.principals import OutboxCurrent
from shared.messaging.broker import Refused
from shared.messaging.envelope import seal

EVERY = timedelta(seconds=0.25)
LATE_AFTER = timedelta(seconds=0.5)


async def send_outbox_heartbeat(service: Service) -> None:
    """For ever: look at the outbox, which all replicas share, and tell that nothing in it is late. Else tell nothing.

    Not through the outbox itself: four rows a second would be kept for a week, and one that is lost is no loss.
    """
    while True:
        until = clock.now() - LATE_AFTER
        if service.broker.is_connected and not await service.outbox.waits_since_before(until):
            identifier, body = seal(OutboxCurrent(until=until), source=service.name, subject=service.name)
            with contextlib.suppress(Refused):
                await service.broker.publish(OutboxCurrent.type_name(), identifier, body, mandatory=False)
        await asyncio.sleep(EVERY.total_seconds())
