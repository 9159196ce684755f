"""The driver's one room: client, transactions, indexes. Nothing else in the project imports a driver.

Motor is the default; PyMongo's own async client is chosen by a setting. Stores use the part common to both
(`find`, `find_one`, `insert_one`, `update_one`, `bulk_write`, …); what differs is wrapped here.

`Database.transaction(work)` is the only way to write: `work` may run more than once (transient errors are retried),
all it does commits at majority or not at all, and a transaction begun inside another joins it.
"""

import asyncio
import random
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any, TypeVar

from bson.binary import Binary as Binary
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument as RawBSONDocument
from pymongo import DeleteOne as DeleteOne
from pymongo import IndexModel, ReadPreference
from pymongo import InsertOne as InsertOne
from pymongo import ReplaceOne as ReplaceOne
from pymongo import ReturnDocument as ReturnDocument
from pymongo import UpdateOne as UpdateOne
from pymongo.errors import AutoReconnect, CollectionInvalid, OperationFailure
from pymongo.errors import BulkWriteError as BulkWriteError
from pymongo.errors import DuplicateKeyError as DuplicateKeyError
from pymongo.errors import PyMongoError as PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.errors import Conflict, Unavailable
from shared.logging import log

T = TypeVar("T")
Document = dict[str, Any]
Collection = Any  # motor's and PyMongo's collections share the calls used here, and no common type

Unreachable = AutoReconnect  # MongoDB is away or has no primary; `ServerSelectionTimeoutError` is one of these

GIVE_UP_SECONDS = 8.0  # less than the gateway waits for an answer
# Before a transaction is tried again: a random part of this, growing. PyMongo's own client does so by itself.
BACKOFF_SECONDS, BACKOFF_AT_MOST = 0.005, 0.5

_CODEC: CodecOptions[Document] = CodecOptions(tz_aware=True, tzinfo=UTC)
_current: ContextVar["Transaction | None"] = ContextVar("mycelium_transaction", default=None)


class _GaveUp(Exception):
    """Ends the driver's own retries, which would go on for two minutes."""


class Stale(Conflict):
    """Somebody else changed the document since it was read."""

    code = "changed_meanwhile"
    message = "This was changed by somebody else meanwhile. Read it again and retry."


class TooBusy(Unavailable):
    """Others kept a document to themselves for as long as was waited: many at once, or a dead process."""

    code = "too_busy"
    message = "Too many are changing this at once. Try again."


@dataclass
class Transaction:
    """One unit of change. Stores pass `session` to the driver; commands `record` messages."""

    session: Any
    database: "Database"
    recorded: list[Any] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    def record(self, message: Any, **about: Any) -> None:
        """Append a message to the outbox in this same transaction. `about`: see `shared.messaging.envelope`."""
        self.recorded.append((message, about))


@dataclass(frozen=True)
class Index:
    """An index a store wants: keys as [(field, 1 | -1)], and what makes it special."""

    keys: Sequence[tuple[str, Any]]
    unique: bool = False
    expire_after_seconds: int | None = None
    where: Mapping[str, Any] | None = None
    name: str | None = None

    def model(self) -> IndexModel:
        """The driver's own description of it."""
        options: Document = {"unique": True} if self.unique else {}
        if self.expire_after_seconds is not None:
            options["expireAfterSeconds"] = self.expire_after_seconds
        if self.where is not None:
            options["partialFilterExpression"] = dict(self.where)
        if self.name is not None:
            options["name"] = self.name
        return IndexModel(list(self.keys), **options)


BeforeCommit = Callable[[Transaction], Awaitable[None]]


class Mongo:
    """The client. `ping()` is the readiness probe; `database(name)` a service's own data."""

    def __init__(self, url: str, driver: str = "motor") -> None:
        self.driver = driver
        options: Document = {"tz_aware": True, "appname": "mycelium", "serverSelectionTimeoutMS": 5000}
        if driver == "motor":
            from motor.motor_asyncio import AsyncIOMotorClient

            # Motor works in threads: by default whoever is not one of them waits 5 ms for its turn after every send.
            sys.setswitchinterval(0.0002)
            self.client: Any = AsyncIOMotorClient(url, **options)
        else:
            from pymongo import AsyncMongoClient

            self.client = AsyncMongoClient(url, **options)

    async def ping(self) -> None:
        """Ask the primary for a sign of life. Raises a `PyMongoError` when there is none."""
        await self.client.admin.command("ping", read_preference=ReadPreference.PRIMARY)

    async def start_session(self) -> Any:
        """A session: motor's call is awaited, PyMongo's is not."""
        session = self.client.start_session()
        return await session if self.driver == "motor" else session

    def database(self, name: str) -> "Database":
        """The database of this name, read and written at majority."""
        return Database(self, name)

    async def drop_database(self, name: str) -> None:
        """Remove a database and all in it."""
        await self.client.drop_database(name)

    async def close(self) -> None:
        """End the client's connections."""
        closing = self.client.close()
        if closing is not None:
            await closing


class Database:
    """A service's data: its collections, its indexes, its transactions."""

    def __init__(self, mongo: Mongo, name: str) -> None:
        self.mongo = mongo
        self.name = name
        self._database = mongo.client.get_database(
            name,
            codec_options=_CODEC,
            read_concern=ReadConcern("majority"),
            write_concern=WriteConcern("majority"),
        )
        self.before_commit: list[BeforeCommit] = []

    def __getitem__(self, collection: str) -> Collection:
        return self._database[collection]

    async def ensure_indexes(self, indexes: Mapping[str, Sequence[Index]]) -> None:
        """Create collections and their indexes where missing. Safe to run by every replica at start.

        An index whose definition changed since an earlier version is made anew; one no store wants is left alone.
        """
        existing = set(await self._database.list_collection_names())
        for collection, wanted in indexes.items():
            if collection not in existing:
                await self._create(collection)
            for index in wanted:
                await self._ensure_index(self._database[collection], index.model())

    async def _create(self, collection: str) -> None:
        try:
            await self._database.create_collection(collection)
        except CollectionInvalid:
            return
        except OperationFailure as error:
            if error.code != 48:  # NamespaceExists: another replica was first
                raise

    async def _ensure_index(self, collection: Collection, model: IndexModel) -> None:
        try:
            await collection.create_indexes([model])
        except OperationFailure as error:
            if error.code not in {85, 86}:  # IndexOptionsConflict, IndexKeySpecsConflict
                raise
            wanted = model.document
            for name, known in (await collection.index_information()).items():
                if name == wanted["name"] or dict(known["key"]) == dict(wanted["key"]):
                    log.warning("index_made_anew", collection=collection.name, index=name)
                    await collection.drop_index(name)
            await collection.create_indexes([model])

    async def transaction(self, work: Callable[[Transaction], Awaitable[T]], *, apart: bool = False) -> T:
        """Run `work` in a transaction and commit it at majority; begun inside another of this database, it joins.

        `apart` never joins: for what must be kept although the rest is refused (a count of wrong tries).

        Transient errors run `work` again, so it must do nothing but read and write through the transaction.
        What it raises aborts the transaction and is raised here. After `GIVE_UP_SECONDS` of conflicts it raises
        `TooBusy`, of a missing database `Unreachable`.
        """
        outer = _current.get()
        if outer is not None and outer.database is self and not apart:
            return await work(outer)
        hooks: list[Callable[[], None]] = []
        tries, began = 0, time.monotonic()
        last: list[PyMongoError] = []

        async def attempt(session: Any) -> T:
            nonlocal tries
            if tries and time.monotonic() - began > GIVE_UP_SECONDS:
                raise _GaveUp
            if tries and self.mongo.driver == "motor":
                await asyncio.sleep(random.random() * min(BACKOFF_SECONDS * 1.5**tries, BACKOFF_AT_MOST))
            tries += 1
            transaction = Transaction(session=session, database=self)
            token = _current.set(transaction)
            try:
                result = await work(transaction)
                for hook in self.before_commit:
                    await hook(transaction)
            except PyMongoError as error:
                last[:] = [error]
                raise
            finally:
                _current.reset(token)
            hooks[:] = transaction.after_commit
            return result

        session = await self.mongo.start_session()
        try:
            async with session:
                result: T = await session.with_transaction(
                    attempt, read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority")
                )
        except _GaveUp:
            if last and isinstance(last[0], Unreachable):
                raise last[0] from None
            raise TooBusy from None
        for hook in hooks:
            hook()
        return result

    def joined(self) -> bool:
        """Whether the caller already stands inside a transaction of this database."""
        current = _current.get()
        return current is not None and current.database is self


def has_run_out(until: str, longest: timedelta) -> Document:
    """The expression that says whether a lease that ends in this field is over.

    So is one that ends later than any that could be given now: a clock was ahead when it was, and is right again, or
    the messages of a dead process would wait for as long as it was wrong.
    """
    too_late = {"$add": ["$$NOW", int(longest.total_seconds() * 1000)]}
    return {"$or": [{"$lte": [until, "$$NOW"]}, {"$gt": [until, too_late]}]}


def session_of(transaction: Transaction | None) -> Any:
    """What a store passes as `session=`: the given transaction's, the one the caller stands in, or none."""
    transaction = transaction or _current.get()
    return transaction.session if transaction else None


async def aggregate(collection: Collection, pipeline: Sequence[Document], **options: Any) -> list[Document]:
    """Run a pipeline and give all its documents; motor's call gives a cursor, PyMongo's awaits one."""
    cursor = collection.aggregate(list(pipeline), **options)
    if isinstance(cursor, Awaitable):
        cursor = await cursor
    documents: list[Document] = await cursor.to_list(None)
    return documents


async def watch(database: Database, pipeline: Sequence[Document], **options: Any) -> AsyncGenerator[Document, None]:
    """Changes of a database as they commit; motor gives a stream, PyMongo awaits one."""
    stream = database._database.watch(list(pipeline), **options)
    if isinstance(stream, Awaitable) and not hasattr(stream, "__aenter__"):
        stream = await stream
    async with stream:
        async for change in stream:
            yield change


async def save_versioned(collection: Collection, document: Document, transaction: Transaction | None = None) -> None:
    """Replace a document whose `version` is one more than the stored one. Raises `Stale` when it is not."""
    result = await collection.replace_one(
        {"_id": document["_id"], "version": document["version"] - 1},
        document,
        session=session_of(transaction),
    )
    if result.matched_count != 1:
        raise Stale


async def keep_newest(
    collection: Collection, identifier: str, version: int, fields: Document, transaction: Transaction | None = None
) -> bool:
    """Project a fact that carries a version: an older one that comes late changes nothing. Gives whether it was newer.

    The document is `{_id, version, …fields}`; one without a version is older than any. Retries and redeliveries may
    bring messages in any order.
    """
    session = session_of(transaction)
    stored = await collection.find_one({"_id": identifier}, {"version": 1}, session=session)
    if stored is not None and stored.get("version", 0) >= version:
        return False
    await collection.replace_one({"_id": identifier}, {**fields, "version": version}, upsert=True, session=session)
    return True
