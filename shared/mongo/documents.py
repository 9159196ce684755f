"""Ways to write documents that several stores share: by version and by lease."""

from datetime import timedelta

from shared.mongo.collection import Collection, Document
from shared.mongo.transaction import Stale


def has_run_out(until: str, longest: timedelta) -> Document:
    """The MongoDB expression for "this lease has expired"; `until` is the field with its end, such as `$lease.until`.

    A lease that ends more than `longest` from now has expired too: a wrong clock made it, and otherwise the messages of
    a dead process would wait for that long.
    """
    too_late = {"$add": ["$$NOW", int(longest.total_seconds() * 1000)]}
    return {"$or": [{"$lte": [until, "$$NOW"]}, {"$gt": [until, too_late]}]}


async def save_versioned(collection: Collection, document: Document) -> None:
    """Replace a document whose `version` is one more than the stored one. Raises `Stale` when it is not."""
    result = await collection.replace_one({"_id": document["_id"], "version": document["version"] - 1}, document)
    if result.matched_count != 1:
        raise Stale


async def keep_newest(collection: Collection, identifier: str, version: int, fields: Document) -> bool:
    """Store `{_id, version, …fields}` unless the stored document has this version or a newer one.

    Returns whether it was stored. A document without a version counts as older than any. Retries and redeliveries may
    deliver messages in any order, so an older fact may arrive late.
    """
    stored = await collection.find_one({"_id": identifier}, {"version": 1})
    if stored is not None and stored.get("version", 0) >= version:
        return False
    await collection.replace_one({"_id": identifier}, {**fields, "version": version}, upsert=True)
    return True
