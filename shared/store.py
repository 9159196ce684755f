"""One collection and the models in its documents: what every store of every service does alike.

A document is the model's own fields, with `id` as `_id`, and the fields that only queries need. Every call joins the
transaction the caller stands in. What one feature alone asks of its documents stands in the feature's `store.py`.
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
    """The documents of one collection, as models.

    `prefix`: of the ids; an id of another form is not asked for. `key`: makes `_id` of a model that has no `id`.
    `for_queries`: fields of a document, beside the model's own, that only queries need; reading ignores them.
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
        """The collection itself, for queries of the feature's own."""
        return database[self.collection]

    async def add(self, database: Database, model: M) -> None:
        """Keep a new one. Raises `DuplicateKeyError` when a unique index refuses it."""
        await self.of(database).insert_one(self.document(model))

    async def save(self, database: Database, model: M) -> None:
        """Keep a changed one, whose `version` is one more than the stored one. Raises `Stale`."""
        await save_versioned(self.of(database), self.document(model))

    async def put(self, database: Database, model: M) -> None:
        """Keep it, new or changed, whatever was there."""
        document = self.document(model)
        await self.of(database).replace_one({"_id": document["_id"]}, document, upsert=True)

    async def find(self, database: Database, identifier: str) -> M | None:
        """The one with this id, if there is one."""
        return await self.find_where(database, {"_id": identifier}) if self._may_be_id(identifier) else None

    async def get(self, database: Database, identifier: str, path: Path = ()) -> M:
        """The one with this id. Raises `NotFound`; `path` names the field that held the id."""
        found = await self.find(database, identifier)
        if found is None:
            raise NotFound(path=path)
        return found

    async def find_where(self, database: Database, where: Mapping[str, Any]) -> M | None:
        """One that matches, if there is one."""
        document = await self.of(database).find_one(where)
        return None if document is None else self.read(document)

    async def get_where(self, database: Database, where: Mapping[str, Any], path: Path = ()) -> M:
        """One that matches. Raises `NotFound`."""
        found = await self.find_where(database, where)
        if found is None:
            raise NotFound(path=path)
        return found

    async def by_ids(self, database: Database, ids: Iterable[str], visible: Mapping[str, Any] | None = None) -> list[M]:
        """Those of these that there are and, with `visible`, that match it too. Other strings are passed over."""
        wanted = [one for one in dict.fromkeys(ids) if self._may_be_id(one)]
        if not wanted:
            return []
        where: Document = {"_id": {"$in": wanted}}
        return await self.all_where(database, {"$and": [where, visible]} if visible else where)

    async def all_where(
        self, database: Database, where: Mapping[str, Any], order: Order = BY_ID, limit: int = 0
    ) -> list[M]:
        """Every one that matches, in this order; `limit` 0: all. For queries whose result is small."""
        found = self.of(database).find(where, limit=limit).sort(list(order))
        return [self.read(document) async for document in found]

    async def page(
        self,
        database: Database,
        asked: Mapping[str, Any],
        request: PageRequest,
        *,
        order: Order = BY_ID,
        visible: Mapping[str, Any] | None = None,
        scope: str | None = None,
    ) -> "Page[M]":  # quoted: pydantic would resolve M
        """A stretch of those that match, in this order, which no two documents may share.

        `asked`: the filter the caller chose. A cursor belongs to the list with this filter and order. `visible`: what
        the caller may see; it may differ from one page to the next. `scope` names the list where `asked` itself may
        differ from one page to the next.
        """
        kinds = [self._kind_of(field) for field, _ in order]
        return await read_page(self.of(database), asked, request, order, kinds, self.read, visible=visible, scope=scope)

    def document(self, model: M) -> Document:
        """The document of a model."""
        fields = model.model_dump()
        identifier = self._key(model) if self._key is not None else fields.pop("id")
        return {"_id": identifier, **fields, **self._for_queries(model)}

    def read(self, document: Mapping[str, Any]) -> M:
        """The model of a document, also of one that an older version wrote."""
        return self.model.model_validate({"id": document["_id"], **document} if self._key is None else document)

    def _may_be_id(self, identifier: str) -> bool:
        return self.prefix is None or prefix_of(identifier) == self.prefix

    def _kind_of(self, field: str) -> Kind:
        """What values of this field a cursor holds: moments and numbers by the model's own type, else text."""
        known = self.model.model_fields.get(field)
        kinds: tuple[Kind, ...] = (datetime, int)
        return next((kind for kind in kinds if known is not None and known.annotation is kind), str)
