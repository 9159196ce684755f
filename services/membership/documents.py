"""From model to document and back, and lists page by page. Every store here stands on it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, Protocol, Self, TypeVar

from shared.errors import NotFound, Path
from shared.mongo import Database, Document, save_versioned
from shared.paging import Page, PageRequest, read_page

Keys = Sequence[tuple[str, int]]

BY_NAME: Keys = (("name_key", 1), ("_id", 1))
BY_AGE: Keys = (("_id", 1),)


class Model(Protocol):
    """What is asked of a model: to be written down and read back."""

    def model_dump(self) -> dict[str, Any]:
        """Its fields."""
        ...

    @classmethod
    def model_validate(cls, obj: Any) -> Self:
        """The model of such fields."""
        ...


M = TypeVar("M", bound=Model)


class Shelf(Generic[M]):
    """One collection, and the models its documents hold: what every store does alike.

    All of it is seen and done in the transaction the caller stands in. `for_queries`: fields of a document, beside the
    model's own, that only queries need.
    """

    def __init__(self, collection: str, cls: type[M], for_queries: Callable[[M], Document] = lambda model: {}) -> None:
        self.collection = collection
        self._cls = cls
        self._for_queries = for_queries

    async def add(self, database: Database, model: M) -> None:
        """Keep a new one. Raises `DuplicateKeyError` when what must be its own (a slug, an address) is another's."""
        await database[self.collection].insert_one(self._document(model))

    async def save(self, database: Database, model: M) -> None:
        """Keep a changed one, whose version is one more. Raises `Stale`."""
        await save_versioned(database[self.collection], self._document(model))

    async def put(self, database: Database, model: M) -> None:
        """Keep it, new or changed, whatever was there."""
        document = self._document(model)
        where = {"_id": document["_id"]}
        await database[self.collection].replace_one(where, document, upsert=True)

    async def find(self, database: Database, identifier: str) -> M | None:
        """The one with this id, if there is one."""
        return await self.find_where(database, {"_id": identifier})

    async def get(self, database: Database, identifier: str, path: Path = ()) -> M:
        """The one with this id. Raises `NotFound` naming the field that held the id."""
        return await self.get_where(database, {"_id": identifier}, path)

    async def find_where(self, database: Database, where: Document) -> M | None:
        """The one that matches, if there is one."""
        document = await database[self.collection].find_one(where)
        return None if document is None else self._model(document)

    async def get_where(self, database: Database, where: Document, path: Path = ()) -> M:
        """The one that matches. Raises `NotFound`."""
        found = await self.find_where(database, where)
        if found is None:
            raise NotFound(path=path)
        return found

    async def by_ids(self, database: Database, ids: Iterable[str]) -> list[M]:
        """Those of these that there are."""
        return await self.all_where(database, {"_id": {"$in": list(ids)}})

    async def all_where(self, database: Database, where: Document) -> list[M]:
        """Every one that matches. For queries that cannot find many."""
        found = database[self.collection].find(where)
        return [self._model(document) async for document in found]

    async def page(
        self, database: Database, where: Document, keys: Keys, request: PageRequest, scope: str
    ) -> "Page[M]":  # quoted: pydantic would want to know all about M
        """A stretch of those that match, in the order `keys`. `scope` names the list and its filters, for cursors."""
        collection, kinds = database[self.collection], [str] * len(keys)
        return await read_page(collection, where, request, keys, kinds, self._model, scope=scope)

    def _document(self, model: M) -> Document:
        document = model.model_dump()
        return {"_id": document.pop("id"), **document, **self._for_queries(model)}

    def _model(self, document: Document) -> M:
        return self._cls.model_validate({**document, "id": document["_id"]})


def having_words(words: Sequence[str]) -> list[Document]:
    """Conditions for documents that have, for each word, one in `search_words` that begins with it."""
    return [{"search_words": {"$elemMatch": {"$gte": word, "$lt": word + "\U0010ffff"}}} for word in words]
