"""A collection whose calls all join the caller's transaction."""

from collections.abc import Awaitable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pymongo import ReturnDocument

from shared.mongo.transaction import current_transaction

if TYPE_CHECKING:
    from shared.mongo.database import Database

Document = dict[str, Any]
Where = Mapping[str, Any]
Update = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Collection:
    """The calls common to motor and PyMongo, each with the session of the caller's transaction.

    `driver`: the driver's own collection. `joins`: whether calls join the transaction. When not, they see what is
    committed now, not the transaction's snapshot.
    """

    def __init__(self, database: "Database", driver: Any, *, joins: bool = True) -> None:
        self.database = database
        self.driver = driver
        self._joins = joins

    @property
    def name(self) -> str:
        """The collection's name."""
        return str(self.driver.name)

    @property
    def session(self) -> Any:
        """The session of the caller's transaction, or `None`."""
        transaction = current_transaction(self.database) if self._joins else None
        return transaction.session if transaction is not None else None

    def find(
        self, where: Where | None = None, fields: Where | None = None, *, limit: int = 0, hint: str | None = None
    ) -> Any:
        """A cursor over the documents that match: `async for`, `.sort(keys)`, `.limit(n)`, `.skip(n)`.

        `limit` 0 returns all; `hint` is the name of the index to use.
        """
        return self.driver.find(where, fields, limit=limit, hint=hint, session=self.session)

    async def find_one(
        self, where: Where | None = None, fields: Where | None = None, *, sort: Sequence[tuple[str, int]] | None = None
    ) -> Any:
        """One document that matches (the first one by `sort`), or `None`."""
        return await self.driver.find_one(where, fields, sort=sort, session=self.session)

    async def find_one_and_update(
        self, where: Where, update: Update, *, upsert: bool = False, return_document: Any = ReturnDocument.BEFORE
    ) -> Any:
        """Change one document and return it as it was before (`ReturnDocument.AFTER`: as it is now), or `None`."""
        return await self.driver.find_one_and_update(
            where, update, upsert=upsert, return_document=return_document, session=self.session
        )

    async def insert_one(self, document: Where) -> Any:
        """Insert a document. Raises `DuplicateKeyError`."""
        return await self.driver.insert_one(document, session=self.session)

    async def insert_many(self, documents: Sequence[Where], *, ordered: bool = True) -> Any:
        """Insert documents. Raises `BulkWriteError`."""
        return await self.driver.insert_many(documents, ordered=ordered, session=self.session)

    async def update_one(self, where: Where, update: Update, *, upsert: bool = False) -> Any:
        """Change one document; the result has `matched_count`, `modified_count`, `upserted_id`."""
        return await self.driver.update_one(where, update, upsert=upsert, session=self.session)

    async def update_many(self, where: Where, update: Update) -> Any:
        """Change all documents that match."""
        return await self.driver.update_many(where, update, session=self.session)

    async def replace_one(self, where: Where, document: Where, *, upsert: bool = False) -> Any:
        """Replace the document that matches."""
        return await self.driver.replace_one(where, document, upsert=upsert, session=self.session)

    async def delete_one(self, where: Where) -> Any:
        """Delete one document; the result has `deleted_count`."""
        return await self.driver.delete_one(where, session=self.session)

    async def delete_many(self, where: Where) -> Any:
        """Delete all documents that match."""
        return await self.driver.delete_many(where, session=self.session)

    async def bulk_write(self, operations: Sequence[Any], *, ordered: bool = True) -> Any:
        """Make many writes in one call. Raises `BulkWriteError`."""
        return await self.driver.bulk_write(operations, ordered=ordered, session=self.session)

    async def count_documents(self, where: Where, *, limit: int | None = None) -> int:
        """Count the documents that match; stop at `limit`."""
        more = {} if limit is None else {"limit": limit}
        return int(await self.driver.count_documents(where, session=self.session, **more))

    async def distinct(self, field: str, where: Where | None = None) -> list[Any]:
        """The distinct values of a field among the documents that match."""
        found: list[Any] = await self.driver.distinct(field, where, session=self.session)
        return found

    async def aggregate(self, pipeline: Sequence[Where]) -> list[Document]:
        """Run a pipeline and return all its documents."""
        cursor = self.driver.aggregate(list(pipeline), session=self.session)
        if isinstance(cursor, Awaitable):  # PyMongo's call is awaited, motor's is not
            cursor = await cursor
        documents: list[Document] = await cursor.to_list(None)
        return documents

    async def index_information(self) -> dict[str, Any]:
        """The collection's indexes by name."""
        known: dict[str, Any] = await self.driver.index_information()
        return known
