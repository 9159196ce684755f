"""Makes the deliveries of fan-outs, some in each transaction, which also notes how far it has come.

So none is forgotten and none is made twice: of two who work at the same fan-out, one conflicts and begins anew.
"""

from datetime import datetime

from services.notify.deliveries.commands import deliver
from services.notify.deliveries.model import Delivery, new_delivery
from services.notify.endpoints import store as endpoints
from services.notify.endpoints.model import Endpoint
from services.notify.fanouts import store
from services.notify.fanouts.model import CHUNK, Fanout
from services.notify.log import store as log_store
from services.notify.topics.patterns import is_wanted
from shared.commands import in_transaction
from shared.mongo import Transaction


@in_transaction()
async def fan_out_some(tx: Transaction, hub_id: str, *, now: datetime) -> int:
    """Look at up to `CHUNK` pairs of a message and an endpoint, the hub's oldest messages first. Gives how many."""
    looked_at = 0
    done: list[Fanout] = []
    deliveries: list[Delivery] = []
    to: dict[str, Endpoint] = {}
    for fanout in await store.oldest(tx.database, hub_id, CHUNK):
        limit = CHUNK - looked_at
        listening = await endpoints.listening(tx.database, fanout.hubs, limit=limit, after=fanout.after)
        for endpoint in listening:
            if endpoint.created_at <= fanout.at and is_wanted(fanout.topic, endpoint.topics):
                to[endpoint.id] = endpoint
                deliveries.append(new_delivery(endpoint.id, endpoint.hub_id, fanout.id, fanout.topic, now))
        looked_at += max(1, len(listening))
        if len(listening) == limit:
            await store.go_on_after(tx.database, fanout, listening[-1].id)
            break
        done.append(fanout)
        if looked_at >= CHUNK:
            break
    bodies = await log_store.bodies(tx.database, [delivery.message_id for delivery in deliveries])
    await deliver(tx, deliveries, bodies, list(to.values()), now=now)
    await store.remove(tx.database, done)
    return looked_at
