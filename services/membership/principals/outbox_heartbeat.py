"""Tells the gateways several times a second that no message waits in membership's outbox for long.

A gateway remembers what a credential opens until a message of membership says that it changed. It cannot notice that
such a message is late, because a replica of membership cannot reach the broker. This heartbeat says that none is late.
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
    """Until cancelled: look at the outbox, which all replicas share, and publish `OutboxCurrent` if nothing is late.

    It is published directly. In the outbox it would leave four rows a second for a week, and losing one does no harm.
    """
    while True:
        until = clock.now() - LATE_AFTER
        if service.broker.is_connected and not await service.outbox.waits_since_before(until):
            identifier, body = seal(OutboxCurrent(until=until), source=service.name, subject=service.name)
            with contextlib.suppress(Refused):
                await service.broker.publish(OutboxCurrent.type_name(), identifier, body, mandatory=False)
        await asyncio.sleep(EVERY.total_seconds())
