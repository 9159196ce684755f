"""A service's database: its collections, indexes and transactions.

`Database.transaction(work)` is the only way to change several documents together. `work` may run more than once
(transient errors are retried). All its changes commit with majority write concern, or none does. A transaction begun
inside another one joins it.
"""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC
from typing import Any, TypeVar

from bson.codec_options import CodecOptions
from pymongo.errors import AutoReconnect, ConfigurationError, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.mongo.collection import Collection, Document
from shared.mongo.indexes import Index, ensure_indexes
from shared.mongo.transaction import TooBusy, Transaction, _current, current_transaction

T = TypeVar("T")
BeforeCommit = Callable[[Transaction], Awaitable[None]]

GIVE_UP_SECONDS = 8.0  # less than the gateway's timeout
# The wait before a retry of a transaction: random, and growing. PyMongo's own client waits by itself.
BACKOFF_SECONDS, BACKOFF_AT_MOST = 0.005, 0.5

# The driver's error labels: run the transaction again; repeat the commit, whose outcome is unknown.
TRANSIENT, UNKNOWN_OUTCOME = "TransientTransactionError", "UnknownTransactionCommitResult"
_LIVED_TOO_LONG = 290  # MongoDB's error code TransactionExceededLifetimeLimitSeconds, which has no label

_CODEC: CodecOptions[Document] = CodecOptions(tz_aware=True, tzinfo=UTC)


class _GaveUp(Exception):
    """Stops the driver's own retries, which would continue for two minutes."""


class Database:
    """A service's database. `database["people"]` is a collection, whose calls join the caller's transaction."""

    def __init__(self, client: Any, driver: str, name: str) -> None:
        self.name = name
        self._client = client
        self._is_motor = driver == "motor"
        self.driver = client.get_database(
            name,
            codec_options=_CODEC,
            read_concern=ReadConcern("majority"),
            write_concern=WriteConcern("majority"),
        )
        self.before_commit: list[BeforeCommit] = []
        self._collections: dict[tuple[str, bool], Collection] = {}

    def __getitem__(self, collection: str) -> Collection:
        return self._collection(collection, joins=True)

    def outside_transaction(self, collection: str) -> Collection:
        """The collection as it is committed now: its calls never join the caller's transaction.

        Use it to read what was committed since the transaction began. A write through it stays even if the transaction
        aborts.
        """
        return self._collection(collection, joins=False)

    def _collection(self, name: str, *, joins: bool) -> Collection:
        # Kept, because motor takes about 0.1 ms to make one, and most commands ask for several.
        found = self._collections.get((name, joins))
        if found is None:
            found = self._collections[name, joins] = Collection(self, self.driver[name], joins=joins)
        return found

    async def ensure_indexes(self, indexes: Mapping[str, Sequence[Index]]) -> None:
        """Create missing collections and indexes. Every replica may run it at start.

        An index whose definition has changed is replaced; an index that no store declares is left alone.
        """
        await ensure_indexes(self.driver, indexes)

    def joined(self) -> bool:
        """Whether the caller is inside a transaction of this database."""
        return current_transaction(self) is not None

    async def transaction(self, work: Callable[[Transaction], Awaitable[T]], *, apart: bool = False) -> T:
        """Run `work` in a transaction and commit it at majority; inside another transaction of this database, join it.

        `apart`: never join. For changes that must stay even if the outer transaction aborts (a count of failed tries).

        After a transient error `work` runs again, so it may only read and write through the database. An exception in
        it aborts the transaction and is raised here. After `GIVE_UP_SECONDS` it raises `TooBusy` if there were
        conflicts, `Unreachable` if the database could not be reached.
        """
        outer = None if apart else current_transaction(self)
        if outer is not None:
            return await work(outer)
        hooks: list[Callable[[], None]] = []
        tries, began = 0, time.monotonic()
        last: list[PyMongoError] = []

        async def attempt(session: Any) -> T:
            nonlocal tries
            if tries and time.monotonic() - began > GIVE_UP_SECONDS:
                raise _GaveUp
            if tries and self._is_motor:
                await asyncio.sleep(random.random() * min(BACKOFF_SECONDS * 1.5**tries, BACKOFF_AT_MOST))
            tries += 1
            transaction = Transaction(session=session, database=self)
            token = _current.set(transaction)
            try:
                result = await work(transaction)
                for hook in self.before_commit:
                    await hook(transaction)
                transaction.is_over = True
                await _commit(session, began + GIVE_UP_SECONDS)
            except ConfigurationError as error:  # a connection opened in an election: "Sessions are not supported"
                await self._renew_connections()
                last[:] = [AutoReconnect(str(error), {"errorLabels": [TRANSIENT]})]
                raise last[0] from error
            except PyMongoError as error:
                last[:] = [error]
                if isinstance(error, OperationFailure) and error.code == _LIVED_TOO_LONG:
                    raise OperationFailure(str(error), error.code, {"errorLabels": [TRANSIENT]}) from error
                raise
            finally:
                transaction.is_over = True
                _current.reset(token)
            hooks[:] = transaction.after_commit
            return result

        try:
            async with await self._start_session() as session:
                result: T = await session.with_transaction(
                    attempt, read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority")
                )
        except _GaveUp:
            if last and isinstance(last[0], AutoReconnect):
                raise last[0] from None
            raise TooBusy from None
        for hook in hooks:
            hook()
        return result

    async def snapshot(self, read: Callable[[], Awaitable[T]]) -> T:
        """What `read` gives when all it reads through the database is read in one snapshot."""
        return await self.transaction(lambda _: read())

    async def _renew_connections(self) -> None:
        """Close idle connections, so that the driver opens new ones.

        A connection remembers what the server supported when it was opened, and during an election that is little.
        """
        client = self._client.delegate if self._is_motor else self._client
        for server in client._topology._servers.values():
            closing = server.pool.reset_without_pause()
            if closing is not None:
                await closing

    async def _start_session(self) -> Any:
        """A session: motor's call is awaited, PyMongo's is not."""
        session = self._client.start_session()
        return await session if self._is_motor else session


async def _commit(session: Any, until: float) -> None:
    """Commit; repeat while the outcome is unknown, until the monotonic time `until`.

    Motor's `with_transaction` does not retry when its own commit fails. So the commit is made here, inside the function
    that it runs again after a transient error.
    """
    while True:
        try:
            await session.commit_transaction()
        except PyMongoError as error:
            if not error.has_error_label(UNKNOWN_OUTCOME) or time.monotonic() > until:
                raise
            await asyncio.sleep(BACKOFF_SECONDS)
        else:
            return


async def watch(database: Database, pipeline: Sequence[Document], **options: Any) -> AsyncGenerator[Document, None]:
    """Yield the changes of a database as they commit: the documents of a change stream."""
    stream = database.driver.watch(list(pipeline), **options)
    if isinstance(stream, Awaitable) and not hasattr(stream, "__aenter__"):  # PyMongo's call is awaited
        stream = await stream
    async with stream:
        async for change in stream:
            yield change
