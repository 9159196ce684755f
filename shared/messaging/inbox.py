"""The inbox records which messages have taken effect, in the same transaction as the effect.

Rows never expire: a message can arrive again after any time (a parked one is replayed, a broker is restored from an old
disk), and nothing else detects such a duplicate. A row takes about 80 bytes.
"""

from collections.abc import Sequence

from shared import clock
from shared.messaging.envelope import Envelope
from shared.mongo import Index, InsertOne, Transaction

COLLECTION = "inbox"
INDEXES: dict[str, list[Index]] = {COLLECTION: []}


async def admit(transaction: Transaction, envelopes: Sequence[Envelope]) -> set[str]:
    """Record these messages in the inbox, and return the ids of those that are new.

    When the same message is handled twice at once, one of the two transactions conflicts and runs again.
    """
    collection = transaction.database[COLLECTION]
    wanted = {envelope.id: envelope for envelope in envelopes}
    seen = collection.find({"_id": {"$in": list(wanted)}}, {"_id": 1})
    fresh = set(wanted) - {row["_id"] async for row in seen}
    if fresh:
        now = clock.now()
        await collection.bulk_write(
            [InsertOne({"_id": id_, "type": wanted[id_].type, "at": now}) for id_ in wanted if id_ in fresh],
        )
    return fresh
