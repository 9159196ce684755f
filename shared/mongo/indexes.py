"""The indexes that stores declare: created when missing, replaced when their definition changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import IndexModel
from pymongo.errors import CollectionInvalid, OperationFailure

from shared.logging import log

_NAMESPACE_EXISTS = 48
_OPTIONS_CONFLICT, _KEYS_CONFLICT = 85, 86


@dataclass(frozen=True)
class Index:
    """An index: keys as [(field, 1 or -1), …]; `where` makes it partial, `expire_after_seconds` a TTL index."""

    keys: Sequence[tuple[str, Any]]
    unique: bool = False
    expire_after_seconds: int | None = None
    where: Mapping[str, Any] | None = None
    name: str | None = None

    def model(self) -> IndexModel:
        """The driver's form of it."""
        options: dict[str, Any] = {"unique": True} if self.unique else {}
        if self.expire_after_seconds is not None:
            options["expireAfterSeconds"] = self.expire_after_seconds
        if self.where is not None:
            options["partialFilterExpression"] = dict(self.where)
        if self.name is not None:
            options["name"] = self.name
        return IndexModel(list(self.keys), **options)


async def ensure_indexes(database: Any, indexes: Mapping[str, Sequence[Index]]) -> None:
    """Create missing collections and indexes; `database` is the driver's own object."""
    existing = set(await database.list_collection_names())
    for collection, wanted in indexes.items():
        if collection not in existing:
            await _create(database, collection)
        for index in wanted:
            await _ensure_index(database[collection], index.model())


async def _create(database: Any, collection: str) -> None:
    try:
        await database.create_collection(collection)
    except CollectionInvalid:
        return
    except OperationFailure as error:
        if error.code != _NAMESPACE_EXISTS:  # another replica was first
            raise


async def _ensure_index(collection: Any, model: IndexModel) -> None:
    try:
        await collection.create_indexes([model])
    except OperationFailure as error:
        if error.code not in {_OPTIONS_CONFLICT, _KEYS_CONFLICT}:
            raise
        wanted = model.document
        for name, known in (await collection.index_information()).items():
            if name == wanted["name"] or dict(known["key"]) == dict(wanted["key"]):
                log.warning("index_made_anew", collection=collection.name, index=name)
                await collection.drop_index(name)
        await collection.create_indexes([model])
