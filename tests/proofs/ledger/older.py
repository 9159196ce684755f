"""Turns documents into those of an older version: a field that is null now did not exist then.

An optional field is null until somebody sets it. A version without this field wrote the same document without it.
"""

from collections.abc import Mapping, Set
from functools import partial
from typing import Any

from shared.mongo import Database, Document, Mongo, TooBusy, Transaction
from shared.settings import SERVICES, Settings

OF_THE_SPINE = {"outbox", "inbox", "idempotency"}


async def make_older(mongo: Mongo, settings: Settings, *, most: int) -> int:
    """Remove null fields from up to `most` documents of each collection. Returns how many documents changed."""
    changed = 0
    for service in SERVICES:
        database = mongo.database(settings.database_name(service))
        for name in await database.driver.list_collection_names():
            if name not in OF_THE_SPINE:
                changed += await _make_older(database, name, most)
    return changed


async def _make_older(database: Database, collection: str, most: int) -> int:
    keep = await _needed_by_indexes(database, collection)
    sample = await database[collection].aggregate([{"$sample": {"size": most}}, {"$project": {"_id": 1}}])
    changed = 0
    for row in sample:
        try:
            changed += await database.transaction(partial(_replace, collection, row["_id"], keep))
        except TooBusy:  # other transactions write it all the time
            continue
    return changed


async def _replace(collection: str, identifier: str, keep: Set[str], transaction: Transaction) -> bool:
    documents = transaction.database[collection]
    document = await documents.find_one({"_id": identifier})
    if document is None or (older := without_nulls(document, keep)) == document:
        return False
    await documents.replace_one({"_id": identifier}, older)
    return True


async def _needed_by_indexes(database: Database, collection: str) -> set[str]:
    """Fields that a partial index needs to include the document: they have existed since the first version."""
    indexes = (await database[collection].index_information()).values()
    return {field for index in indexes for field in index.get("partialFilterExpression", {})}


def without_nulls(document: Mapping[str, Any], keep: Set[str] = frozenset()) -> Document:
    """The document without null fields, at any depth."""
    return {name: _older(value) for name, value in document.items() if value is not None or name in keep}


def _older(value: Any) -> Any:
    if isinstance(value, Mapping):
        return without_nulls(value)
    if isinstance(value, list):
        return [_older(each) for each in value]
    return value
