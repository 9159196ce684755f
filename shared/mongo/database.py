"""A service's data: its collections, its indexes, its transactions.

`Database.transaction(work)` is the only way to change several documents together: `work` may run more than once
(transient errors are retried), all it does commits at majority or not at all, and a transaction begun inside another
joins it.
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

GIVE_UP_SECONDS = 8.0  # less than the gateway waits for an answer
# Before a transaction is tried again: a random part of this, growing. PyMongo's own client does so by itself.
BACKOFF_SECONDS, BACKOFF_AT_MOST = 0.005, 0.5

# The driver's labels: carry the transaction out again; ask again whether it was committed.
TRANSIENT, UNKNOWN_OUTCOME = "TransientTransactionError", "UnknownTransactionCommitResult"
_LIVED_TOO_LONG = 290  # MongoDB's error code TransactionExceededLifetimeLimitSeconds, which has no label

_CODEC: CodecOptions[Document] = CodecOptions(tz_aware=True, tzinfo=UTC)


class _GaveUp(Exception):
    """Ends the driver's own retries, which would go on for two minutes."""


class Database:
    """A service's data. `database["people"]` is a collection; inside a transaction its calls join it."""

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

    def __getitem__(self, collection: str) -> Collection:
        return Collection(self, self.driver[collection])

    def outside_transaction(self, collection: str) -> Collection:
        """The collection as it is committed now: its calls never join the transaction the caller stands in.

        For reading what became known since the transaction began. A write through it is kept although the
        transaction is refused.
        """
        return Collection(self, self.driver[collection], joins=False)

    async def ensure_indexes(self, indexes: Mapping[str, Sequence[Index]]) -> None:
        """Create collections and their indexes where missing. Safe to run by every replica at start.

        An index whose definition changed since an earlier version is made anew; one no store wants is left alone.
        """
        await ensure_indexes(self.driver, indexes)

    def joined(self) -> bool:
        """Whether the caller already stands inside a transaction of this database."""
        return current_transaction(self) is not None

    async def transaction(self, work: Callable[[Transaction], Awaitable[T]], *, apart: bool = False) -> T:
        """Run `work` in a transaction and commit it at majority; begun inside another of this database, it joins.

        `apart` never joins: for what must be kept although the rest is refused (a count of wrong tries).

        Transient errors run `work` again, so it must do nothing but read and write through the database.
        What it raises aborts the transaction and is raised here. After `GIVE_UP_SECONDS` of conflicts it raises
        `TooBusy`, of a missing database `Unreachable`.
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
            except ConfigurationError as error:  # "Sessions are not supported", says a connection made in an election
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
        """Close the idle connections, so that new ones are made.

        A connection keeps what the server said it can do when the connection was made. In an election it can do little.
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
    """Commit; as long as the outcome is unknown, ask again.

    Motor's `with_transaction` raises whatever its commit raises. So the commit is made here, inside what it carries out
    again after a transient error.
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
    """Changes of a database as they commit; motor gives a stream, PyMongo awaits one."""
    stream = database.driver.watch(list(pipeline), **options)
    if isinstance(stream, Awaitable) and not hasattr(stream, "__aenter__"):
        stream = await stream
    async with stream:
        async for change in stream:
            yield change
