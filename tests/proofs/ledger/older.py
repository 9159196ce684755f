"""Documents as an older version would have left them: what says nothing now was not yet a field then.

An optional field is null until somebody fills it in. A version before that field wrote the same document without it.
"""

from collections.abc import Mapping, Set
from functools import partial
from typing import Any

from shared.mongo import Database, Document, Mongo, TooBusy, Transaction
from shared.settings import SERVICES, Settings

OF_THE_SPINE = {"outbox", "inbox", "idempotency"}


async def make_older(mongo: Mongo, settings: Settings, *, most: int) -> int:
    """Take the fields that are null out of up to `most` documents of each collection. Gives how many had some."""
    changed = 0
    for service in SERVICES:
        database = mongo.database(settings.database_name(service))
        for name in await database.driver.list_collection_names():
            if name not in OF_THE_SPINE:
                changed += await _make_older(database, name, most)
    return changed


async def _make_older(database: Database, collection: str, most: int) -> int:
    keep = await _asked_for_by_indexes(database, collection)
    sample = await database[collection].aggregate([{"$sample": {"size": most}}, {"$project": {"_id": 1}}])
    changed = 0
    for row in sample:
        try:
            changed += await database.transaction(partial(_replace, collection, row["_id"], keep))
        except TooBusy:  # others write it all the time
            continue
    return changed


async def _replace(collection: str, identifier: str, keep: Set[str], transaction: Transaction) -> bool:
    documents = transaction.database[collection]
    document = await documents.find_one({"_id": identifier})
    if document is None or (older := without_nulls(document, keep)) == document:
        return False
    await documents.replace_one({"_id": identifier}, older)
    return True


async def _asked_for_by_indexes(database: Database, collection: str) -> set[str]:
    """Fields without which a partial index does not see the document: those were there from the first day."""
    indexes = (await database[collection].index_information()).values()
    return {field for index in indexes for field in index.get("partialFilterExpression", {})}


def without_nulls(document: Mapping[str, Any], keep: Set[str] = frozenset()) -> Document:
    """The document without fields that are null, at any depth."""
    return {name: _older(value) for name, value in document.items() if value is not None or name in keep}


def _older(value: Any) -> Any:
    if isinstance(value, Mapping):
        return without_nulls(value)
    if isinstance(value, list):
        return [_older(each) for each in value]
    return value
