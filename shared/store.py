"""The base of all stores: reads and writes the models of one collection.

A document holds the model's fields, with `id` as `_id`, and fields that only queries need. Every call joins the
caller's transaction. Queries of one feature are in that feature's `store.py`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from shared.errors import NotFound, Path
from shared.ids import prefix_of
from shared.mongo import Collection, Database, Document, Index, save_versioned
from shared.paging import Kind, Page, PageRequest, read_page

M = TypeVar("M", bound=BaseModel)
Order = Sequence[tuple[str, int]]

BY_ID: Order = (("_id", 1),)
NEWEST_FIRST: Order = (("_id", -1),)


class Store(Generic[M]):
    """Reads and writes the documents of one collection as models.

    `prefix`: the prefix of its ids; an id of another form is never found, without a query. `key`: computes `_id` for a
    model that has no `id`. `for_queries`: computes further fields that only queries need; reading ignores them.
    """

    def __init__(
        self,
        collection: str,
        model: type[M],
        *,
        indexes: Sequence[Index] = (),
        prefix: str | None = None,
        key: Callable[[M], str] | None = None,
        for_queries: Callable[[M], Document] = lambda model: {},
    ) -> None:
        self.collection = collection
        self.model = model
        self.indexes = indexes
        self.prefix = prefix
        self._key = key
        self._for_queries = for_queries

    def of(self, database: Database) -> Collection:
        """The collection itself, for queries that this class does not have."""
        return database[self.collection]

    async def add(self, database: Database, model: M) -> None:
        """Insert a new model. Raises `DuplicateKeyError` when a unique index refuses it."""
        await self.of(database).insert_one(self.document(model))

    async def save(self, database: Database, model: M) -> None:
        """Replace a stored model; its `version` must be one more than the stored one. Raises `Stale` when it is not."""
        await save_versioned(self.of(database), self.document(model))

    async def put(self, database: Database, model: M) -> None:
        """Store a model: insert it, or replace the stored one, whatever its version."""
        document = self.document(model)
        await self.of(database).replace_one({"_id": document["_id"]}, document, upsert=True)

    async def find(self, database: Database, identifier: str) -> M | None:
        """The model with this id, or `None`."""
        return await self.find_where(database, {"_id": identifier}) if self._may_be_id(identifier) else None

    async def get(self, database: Database, identifier: str, path: Path = ()) -> M:
        """The model with this id. Raises `NotFound` with `path`, the field that held the id."""
        found = await self.find(database, identifier)
        if found is None:
            raise NotFound(path=path)
        return found

    async def find_where(self, database: Database, where: Mapping[str, Any]) -> M | None:
        """One model that matches, or `None`."""
        document = await self.of(database).find_one(where)
        return None if document is None else self.read(document)

    async def get_where(self, database: Database, where: Mapping[str, Any], path: Path = ()) -> M:
        """One model that matches. Raises `NotFound` with `path`."""
        found = await self.find_where(database, where)
        if found is None:
            raise NotFound(path=path)
        return found

    async def by_ids(self, database: Database, ids: Iterable[str], visible: Mapping[str, Any] | None = None) -> list[M]:
        """The models with these ids that exist and match `visible`, by id. Ids of another form are ignored."""
        wanted = [one for one in dict.fromkeys(ids) if self._may_be_id(one)]
        if not wanted:
            return []
        where: Document = {"_id": {"$in": wanted}}
        return await self.all_where(database, {"$and": [where, visible]} if visible else where)

    async def all_where(
        self, database: Database, where: Mapping[str, Any], order: Order = BY_ID, limit: int = 0
    ) -> list[M]:
        """The models that match, in this order; `limit` 0: all. For queries with a small result."""
        found = self.of(database).find(where, limit=limit).sort(list(order))
        return [self.read(document) async for document in found]

    async def page(
        self,
        database: Database,
        where: Mapping[str, Any],
        request: PageRequest,
        *,
        order: Order = BY_ID,
        visible: Mapping[str, Any] | None = None,
        scope: str | None = None,
    ) -> "Page[M]":  # quoted: pydantic would resolve M
        """One page of the models that match, in this order. No two documents may have the same sort key.

        `where`: the filter the caller chose. A cursor belongs to the list with this filter and order. `visible`: the
        filter of what the caller may see; it may differ from page to page. `scope`: the list's name, needed when
        `where` itself may differ from page to page. Raises `Invalid` for a cursor of another list.
        """
        kinds = [self._kind_of(field) for field, _ in order]
        return await read_page(self.of(database), where, request, order, kinds, self.read, visible=visible, scope=scope)

    def document(self, model: M) -> Document:
        """The document for a model."""
        fields = model.model_dump()
        identifier = self._key(model) if self._key is not None else fields.pop("id")
        return {"_id": identifier, **fields, **self._for_queries(model)}

    def read(self, document: Mapping[str, Any]) -> M:
        """The model in a document, also in one that an older version wrote."""
        return self.model.model_validate({"id": document["_id"], **document} if self._key is None else document)

    def _may_be_id(self, identifier: str) -> bool:
        return self.prefix is None or prefix_of(identifier) == self.prefix

    def _kind_of(self, field: str) -> Kind:
        """The type of a field's value in a cursor: the model's type if that is `datetime` or `int`, else `str`."""
        known = self.model.model_fields.get(field)
        kinds: tuple[Kind, ...] = (datetime, int)
        return next((kind for kind in kinds if known is not None and known.annotation is kind), str)
