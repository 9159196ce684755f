"""From model to document and back, and lists page by page. Every store here stands on it."""

from collections.abc import Sequence
from typing import Any, Protocol, Self, TypeVar

from shared.mongo import Database, Document, session_of
from shared.paging import Page, PageRequest, after_key, decode_cursor, encode_cursor

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


def document_of(model: Model, **index_fields: Any) -> Document:
    """The document of a model: its `id` becomes `_id`; `index_fields` are what only queries need."""
    document = model.model_dump()
    return {"_id": document.pop("id"), **document, **index_fields}


def model_of(cls: type[M], document: Document) -> M:
    """The model a document holds."""
    return cls.model_validate({**document, "id": document["_id"]})


async def find_one(database: Database, collection: str, where: Document, cls: type[M]) -> M | None:
    """The one document that matches, seen from the transaction the caller stands in."""
    document = await database[collection].find_one(where, session=session_of(None))
    return None if document is None else model_of(cls, document)


async def find_all(database: Database, collection: str, where: Document, cls: type[M]) -> list[M]:
    """Every document that matches. For queries bounded by ids."""
    found = database[collection].find(where, session=session_of(None))
    return [model_of(cls, document) async for document in found]


async def page_of(
    database: Database, collection: str, where: Document, cls: type[M], keys: Keys, request: PageRequest, scope: str
) -> "Page[M]":  # quoted: pydantic would want to know all about M
    """A stretch of a list in the order `keys`. `scope` names the list and its filters, for the cursors."""
    if request.after is not None:
        values = decode_cursor(scope, request.after, [str] * len(keys))
        where = {"$and": [where, after_key(keys, values)]}
    cursor = database[collection].find(where, session=session_of(None)).sort(list(keys)).limit(request.first + 1)
    documents = [document async for document in cursor]
    shown = documents[: request.first]
    return Page(
        nodes=[model_of(cls, document) for document in shown],
        cursors=[encode_cursor(scope, [document[key] for key, _ in keys]) for document in shown],
        has_next=len(documents) > request.first,
    )


def having_words(words: Sequence[str]) -> list[Document]:
    """Conditions for documents that have, for each word, one in `search_words` that begins with it."""
    return [{"search_words": {"$elemMatch": {"$gte": word, "$lt": word + "\U0010ffff"}}} for word in words]
