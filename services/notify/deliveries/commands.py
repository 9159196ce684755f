"""The commands on deliveries: make them for messages, ping an endpoint, replay one.

A new delivery for which this process has room is born leased to it and goes out from memory as soon as its transaction
has committed.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from services.notify.deliveries import store
from services.notify.deliveries.handover import attached_to
from services.notify.deliveries.model import Delivery, Job, new_delivery
from services.notify.endpoints.model import Endpoint, EndpointIsDeleted, EndpointIsDisabled
from services.notify.endpoints.store import ENDPOINTS
from services.notify.log import store as log_store
from shared.auth import Principal
from shared.commands import in_transaction
from shared.contracts.notify.endpoints import EndpointStatus, WebhookPinged
from shared.errors import Conflict
from shared.messaging.envelope import seal
from shared.mongo import Transaction


class MessageForgotten(Conflict):
    """The message is no longer in the log, so it cannot be sent again."""

    code = "message_forgotten"
    message = "This message is no longer kept, so it cannot be sent again."


async def deliver(
    tx: Transaction,
    deliveries: Sequence[Delivery],
    bodies: Mapping[str, bytes],
    to: Sequence[Endpoint],
    *,
    now: datetime,
) -> None:
    """Store new deliveries and hand them over at commit. `bodies` by message id; `to`: the endpoints as just read."""
    if not deliveries:
        return
    dispatcher, since = attached_to(tx.database), time.monotonic()
    if dispatcher is None:
        await store.add(tx.database, deliveries, (), "", now)
        return
    enabled = {endpoint.id for endpoint in to if endpoint.status is EndpointStatus.ENABLED}
    may_take, token = dispatcher.claim(), dispatcher.token
    jobs = [
        Job(each.id, each.endpoint_id, each.hub_id, each.message_id, bodies[each.message_id], 0, token, since)
        for each in deliveries
        if each.endpoint_id in enabled and may_take(each.endpoint_id, each.hub_id)
    ]
    until = now + timedelta(seconds=dispatcher.lease_seconds)
    await store.add(tx.database, deliveries, {job.delivery_id for job in jobs}, dispatcher.token, until)
    tx.after_commit.append(lambda: dispatcher.offer(jobs, to))


@in_transaction()
async def ping_endpoint(tx: Transaction, principal: Principal, endpoint_id: str, *, now: datetime) -> Delivery:
    """Send an endpoint a `WebhookPinged` of its own, which no log holds. Raises `EndpointIsDisabled`."""
    endpoint = await ENDPOINTS.get(tx.database, endpoint_id)
    _require_sent_to(endpoint, principal)
    message = WebhookPinged(endpoint_id=endpoint.id)
    message_id, body = seal(message, source="notify", subject=endpoint.id, hub=endpoint.hub_id, reach="hub")
    ping = new_delivery(endpoint.id, endpoint.hub_id, message_id, message.topic, now, body)
    await deliver(tx, [ping], {message_id: body}, [endpoint], now=now)
    return ping


@in_transaction()
async def replay_delivery(tx: Transaction, principal: Principal, delivery_id: str, *, now: datetime) -> Delivery:
    """Send a message again: a new delivery with the same message id and the same bytes.

    Raises `EndpointIsDisabled`, `EndpointIsDeleted`, and `MessageForgotten` when there are no bytes any more.
    """
    earlier = await store.DELIVERIES.get(tx.database, delivery_id)
    principal.require_hub(earlier.hub_id)
    endpoint = await ENDPOINTS.find(tx.database, earlier.endpoint_id)
    if endpoint is None:
        raise EndpointIsDeleted
    _require_sent_to(endpoint, principal)
    body = earlier.body or (await log_store.bodies(tx.database, [earlier.message_id])).get(earlier.message_id)
    if body is None:
        raise MessageForgotten
    again = earlier.again(now)
    await deliver(tx, [again], {again.message_id: body}, [endpoint], now=now)
    return again


def _require_sent_to(endpoint: Endpoint, principal: Principal) -> None:
    principal.require_hub(endpoint.hub_id)
    if endpoint.status is EndpointStatus.DISABLED:
        raise EndpointIsDisabled
