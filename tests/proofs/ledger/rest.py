"""Checks whether a product is idle: nothing waits in outboxes, queues, consumers or deliveries."""

import aio_pika

from deploy.features import FEATURES, queues
from shared.features import subscriptions_of
from shared.messaging.topology import RETRIES, Names
from shared.mongo import Mongo
from shared.settings import SERVICES, Settings


async def unsettled(settings: Settings) -> list[str]:
    """What is not finished yet, as texts.

    A queue reports only how many messages are ready: no count that a client can read includes those that a consumer has
    taken and not yet acknowledged. So every message of a type that a service handles must also be in its inbox.
    """
    return await _in_the_databases(settings) + await _in_the_queues(settings)


async def _in_the_databases(settings: Settings) -> list[str]:
    found: list[str] = []
    mongo = Mongo(settings.mongo_url)
    try:
        databases = {service: mongo.database(settings.database_name(service)) for service in SERVICES}
        sent: dict[str, str] = {}
        for service, database in databases.items():
            if pending := await database["outbox"].count_documents({"pending": True}):
                found.append(f"{pending} messages in the outbox of {service}")
            sent |= {row["_id"]: row["type"] async for row in database["outbox"].find({}, {"type": 1})}
        for service, database in databases.items():
            wanted = set(subscriptions_of(FEATURES[service]).binding_keys())
            taken = {row["_id"] async for row in database["inbox"].find({}, {"_id": 1})}
            if missing := [id_ for id_, type_ in sent.items() if type_ in wanted and id_ not in taken]:
                found.append(f"{len(missing)} messages not yet taken in by {service}")
        if pending := await databases["notify"]["deliveries"].count_documents({"status": "pending"}):
            found.append(f"{pending} deliveries")
        if waiting := await databases["notify"]["fanouts"].count_documents({}):
            found.append(f"{waiting} messages whose deliveries are not all made")
    finally:
        await mongo.close()
    return found


async def _in_the_queues(settings: Settings) -> list[str]:
    """Include the dead queues: nothing may be parked, because no message is malformed."""
    found: list[str] = []
    async with await aio_pika.connect(settings.amqp_url) as connection:
        channel = await connection.channel()
        for name in queues():
            names = Names(settings.name("mycelium"), settings.name(name))
            for queue in (names.queue, names.dead, *(names.retry(label) for label, _ in RETRIES)):
                declared = await channel.declare_queue(queue, passive=True)
                if ready := declared.declaration_result.message_count:
                    found.append(f"{ready} messages in {queue}")
    return found
