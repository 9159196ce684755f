"""Ways of writing documents that several stores share: by version, and by lease."""

from datetime import timedelta

from shared.mongo.collection import Collection, Document
from shared.mongo.transaction import Stale


def has_run_out(until: str, longest: timedelta) -> Document:
    """The expression that says whether a lease that ends in this field is over.

    A lease that ends later than any lease given now could end is over too: a clock was wrong when it was given, and
    the messages of a dead process would wait for as long as the clock was wrong.
    """
    too_late = {"$add": ["$$NOW", int(longest.total_seconds() * 1000)]}
    return {"$or": [{"$lte": [until, "$$NOW"]}, {"$gt": [until, too_late]}]}


async def save_versioned(collection: Collection, document: Document) -> None:
    """Replace a document whose `version` is one more than the stored one. Raises `Stale` when it is not."""
    result = await collection.replace_one({"_id": document["_id"], "version": document["version"] - 1}, document)
    if result.matched_count != 1:
        raise Stale


async def keep_newest(collection: Collection, identifier: str, version: int, fields: Document) -> bool:
    """Project a fact that carries a version: an older one that comes late changes nothing. Gives whether it was newer.

    The document is `{_id, version, …fields}`; one without a version is older than any. Retries and redeliveries may
    bring messages in any order.
    """
    stored = await collection.find_one({"_id": identifier}, {"version": 1})
    if stored is not None and stored.get("version", 0) >= version:
        return False
    await collection.replace_one({"_id": identifier}, {**fields, "version": version}, upsert=True)
    return True
