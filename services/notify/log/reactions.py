"""The intake: public messages, many at a time, become log rows and deliveries in one transaction.

Only what reaches hubs is logged: a message that stays inside must not be visible through any door. Messages that are
not public do not come here at all: the table of subscriptions leaves them out.
"""

from collections.abc import Sequence
from functools import partial

from services.notify.deliveries.commands import deliver
from services.notify.deliveries.model import Delivery, new_delivery
from services.notify.endpoints import store as endpoints
from services.notify.hubs import store as hubs
from services.notify.log import store
from services.notify.log.model import LoggedMessage
from services.notify.topics.patterns import is_wanted
from shared import clock
from shared.contracts import public_messages
from shared.contracts.membership.hubs import HubCreated
from shared.messaging.reactions import Received
from shared.mongo import Transaction

PUBLIC = public_messages()


async def take_in(transaction: Transaction, received: Sequence[Received]) -> None:
    """Log messages and make a delivery for each endpoint that wants one. Raises `HubNotHeardOf`, to be tried again."""
    await _learn_hubs(transaction, received)
    logged = [r for r in received if r.envelope.reach == "hub" and r.envelope.hub]
    if not logged:
        return
    now = clock.now()
    lineages = await hubs.lineages(transaction, {r.envelope.hub for r in logged if r.envelope.hub})
    listening = await endpoints.listening(transaction, {hub for lineage in lineages.values() for hub in lineage})
    deliveries: list[Delivery] = []
    bodies: dict[str, bytes] = {}
    for one in logged:
        envelope = one.envelope
        for endpoint in listening:
            if endpoint.hub_id in lineages[envelope.hub or ""] and is_wanted(envelope.topic, endpoint.topics):
                deliveries.append(new_delivery(endpoint.id, endpoint.hub_id, envelope.id, envelope.topic, now))
                bodies[envelope.id] = one.body
    await deliver(transaction, deliveries, bodies, listening, now=now)
    # Last: what waits for the log's counter waits for the rest of this transaction.
    await store.append(transaction, [partial(_logged, one) for one in logged])


async def _learn_hubs(transaction: Transaction, received: Sequence[Received]) -> None:
    """First, so that a hub and what happens in it may come in one batch."""
    for one in received:
        if one.envelope.type == HubCreated.type_name():
            hub = one.envelope.read(HubCreated)
            await hubs.note(transaction, hub.hub_id, hub.version, hub.ancestors)


def _logged(received: Received, sequence: int) -> LoggedMessage:
    envelope = received.envelope
    return LoggedMessage(
        id=envelope.id,
        sequence=sequence,
        topic=envelope.topic,
        type=envelope.type,
        hub_id=envelope.hub or "",
        subject=envelope.subject,
        time=envelope.time,
        body=received.body,
    )
