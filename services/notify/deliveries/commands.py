"""What can be done to deliveries: make them for messages, ping an endpoint, replay one.

A new delivery for which this process has room is born leased to it and goes out from memory as soon as its transaction
has committed.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from services.notify.deliveries import store
from services.notify.deliveries.handover import attached_to
from services.notify.deliveries.model import Delivery, Job, new_delivery
from services.notify.endpoints import store as endpoints
from services.notify.endpoints.model import Endpoint, EndpointIsDeleted, EndpointIsDisabled
from services.notify.log import store as log_store
from shared.auth import Principal
from shared.contracts.notify.endpoints import EndpointStatus, WebhookPinged
from shared.errors import Conflict
from shared.messaging.envelope import seal
from shared.mongo import Database, Transaction


class MessageForgotten(Conflict):
    """The message is no longer in the log, so it cannot be sent again."""

    code = "message_forgotten"
    message = "This message is no longer kept, so it cannot be sent again."


async def deliver(
    transaction: Transaction,
    deliveries: Sequence[Delivery],
    bodies: Mapping[str, bytes],
    to: Sequence[Endpoint],
    *,
    now: datetime,
) -> None:
    """Store new deliveries and hand them over at commit. `bodies` by message id; `to`: the endpoints as just read."""
    if not deliveries:
        return
    dispatcher, since = attached_to(transaction.database), time.monotonic()
    if dispatcher is None:
        await store.add(transaction, deliveries, (), "", now)
        return
    enabled = {endpoint.id for endpoint in to if endpoint.status is EndpointStatus.ENABLED}
    may_take, token = dispatcher.claim(), dispatcher.token
    jobs = [
        Job(each.id, each.endpoint_id, each.hub_id, each.message_id, bodies[each.message_id], 0, token, since)
        for each in deliveries
        if each.endpoint_id in enabled and may_take(each.endpoint_id, each.hub_id)
    ]
    until = now + timedelta(seconds=dispatcher.lease_seconds)
    await store.add(transaction, deliveries, {job.delivery_id for job in jobs}, dispatcher.token, until)
    transaction.after_commit.append(lambda: dispatcher.offer(jobs, to))


async def ping_endpoint(database: Database, principal: Principal, endpoint_id: str, *, now: datetime) -> Delivery:
    """Send an endpoint a `WebhookPinged` of its own, which no log holds. Raises `EndpointIsDisabled`."""

    async def work(transaction: Transaction) -> Delivery:
        endpoint = await _sent_to(transaction, principal, endpoint_id)
        message = WebhookPinged(endpoint_id=endpoint.id)
        message_id, body = seal(message, source="notify", subject=endpoint.id, hub=endpoint.hub_id, reach="hub")
        ping = new_delivery(endpoint.id, endpoint.hub_id, message_id, message.topic, now, body)
        await deliver(transaction, [ping], {message_id: body}, [endpoint], now=now)
        return ping

    return await database.transaction(work)


async def replay_delivery(database: Database, principal: Principal, delivery_id: str, *, now: datetime) -> Delivery:
    """Send a message again: a new delivery with the same message id and the same bytes.

    Raises `EndpointIsDisabled`, `EndpointIsDeleted`, and `MessageForgotten` when there are no bytes any more.
    """

    async def work(transaction: Transaction) -> Delivery:
        earlier = await store.get(transaction, delivery_id)
        principal.require_hub(earlier.hub_id)
        if await endpoints.find(database, earlier.endpoint_id) is None:
            raise EndpointIsDeleted
        endpoint = await _sent_to(transaction, principal, earlier.endpoint_id)
        body = earlier.body
        if body is None:
            body = (await log_store.bodies(database, [earlier.message_id])).get(earlier.message_id)
        if body is None:
            raise MessageForgotten
        again = earlier.again(now)
        await deliver(transaction, [again], {again.message_id: body}, [endpoint], now=now)
        return again

    return await database.transaction(work)


async def _sent_to(transaction: Transaction, principal: Principal, endpoint_id: str) -> Endpoint:
    endpoint = await endpoints.get(transaction, endpoint_id)
    principal.require_hub(endpoint.hub_id)
    if endpoint.status is EndpointStatus.DISABLED:
        raise EndpointIsDisabled
    return endpoint
