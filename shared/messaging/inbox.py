"""The inbox: which messages have taken effect. Its row is written in the same transaction as the effect.

Rows never expire. A message can come again after any time (a parked one that is replayed, a broker restored from an old
disk), and nothing else stands behind a dedupe that forgets. A row is some 80 bytes.
"""

from collections.abc import Sequence

from shared import clock
from shared.messaging.envelope import Envelope
from shared.mongo import Index, InsertOne, Transaction

COLLECTION = "inbox"
INDEXES: dict[str, list[Index]] = {COLLECTION: []}


async def admit(transaction: Transaction, envelopes: Sequence[Envelope]) -> set[str]:
    """Note these messages as having taken effect, and give the ids of those that had not before.

    A concurrent delivery of the same message makes one of the two transactions conflict and run again.
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
