"""The intake: public messages, many at a time, become log rows and deliveries in one tx.

Where that would be too many deliveries for one transaction, a fan-out is noted instead, and worked at afterwards.

Only what reaches hubs is logged: nobody may see a message that stays inside. Messages that are not public do not come
here at all: the feature does not subscribe to them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import chain

from services.notify.deliveries.commands import deliver
from services.notify.deliveries.model import Delivery, new_delivery
from services.notify.endpoints import store as endpoints
from services.notify.endpoints.model import Endpoint
from services.notify.fanouts import store as fanouts
from services.notify.fanouts.model import MOST_OF_ONE_HUB, Fanout, delivered_at_once
from services.notify.fanouts.waking import wake
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


async def take_in(tx: Transaction, received: Sequence[Received]) -> None:
    """Log messages and have each endpoint that wants one sent it. Raises `HubNotHeardOf`, to be tried again."""
    await _learn_hubs(tx, received)
    logged = [r for r in received if r.envelope.reach == "hub" and r.envelope.hub]
    if not logged:
        return
    now = clock.now()
    lineages = await hubs.lineages(tx.database, {r.envelope.hub for r in logged if r.envelope.hub})
    await _deliver_or_put_off(tx, logged, lineages, now)
    # Last: what waits for the log's counter waits for the rest of this tx.
    await store.append(tx.database, [partial(_logged, one) for one in logged])


async def _deliver_or_put_off(
    tx: Transaction, logged: Sequence[Received], lineages: Mapping[str, Sequence[str]], now: datetime
) -> None:
    """Make deliveries for as many messages as one transaction should carry; the others' are made by the fan-out."""
    listening = await _listening(tx, {hub for lineage in lineages.values() for hub in lineage})
    deliveries: dict[str, list[Delivery]] = {}
    for one in logged:
        envelope = one.envelope
        heard_by = [listening[hub] for hub in lineages[envelope.hub or ""]]
        if None in heard_by:
            continue
        deliveries[envelope.id] = [
            new_delivery(endpoint.id, endpoint.hub_id, envelope.id, envelope.topic, now)
            for endpoint in chain.from_iterable(filter(None, heard_by))
            if is_wanted(envelope.topic, endpoint.topics)
        ]
    hub_of = {one.envelope.id: one.envelope.hub or "" for one in logged if one.envelope.id in deliveries}
    chosen = delivered_at_once(hub_of, {message_id: len(made) for message_id, made in deliveries.items()})
    bodies = {one.envelope.id: one.body for one in logged if one.envelope.id in chosen}
    to = [endpoint for found in listening.values() for endpoint in found or ()]
    await deliver(tx, [each for id_ in bodies for each in deliveries[id_]], bodies, to, now=now)
    put_off = [_fanout(one, lineages, now) for one in logged if one.envelope.id not in chosen]
    if put_off:
        await fanouts.add(tx.database, put_off)
        tx.after_commit.append(lambda: wake(tx.database))


async def _listening(tx: Transaction, hub_ids: Iterable[str]) -> dict[str, list[Endpoint] | None]:
    """The endpoints of each hub that are sent messages; `None` for a hub that has too many to read them all here."""
    found: dict[str, list[Endpoint] | None] = {}
    for hub_id in hub_ids:
        of_hub = await endpoints.listening(tx.database, [hub_id], limit=MOST_OF_ONE_HUB + 1)
        found[hub_id] = of_hub if len(of_hub) <= MOST_OF_ONE_HUB else None
    return found


def _fanout(received: Received, lineages: Mapping[str, Sequence[str]], now: datetime) -> Fanout:
    envelope = received.envelope
    hub = envelope.hub or ""
    return Fanout(id=envelope.id, hub_id=hub, hubs=tuple(lineages[hub]), topic=envelope.topic, at=now)


async def _learn_hubs(tx: Transaction, received: Sequence[Received]) -> None:
    """First, so that a hub and what happens in it may come in one batch."""
    for one in received:
        if one.envelope.type == HubCreated.type_name():
            hub = one.envelope.read(HubCreated)
            await hubs.note(tx.database, hub.hub_id, hub.version, hub.ancestors)


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
