"""Commands: plain functions that take a transaction. This module adds the lock, the transaction and the retry.

    @in_transaction(lock="event_id")
    async def publish_event(tx: Transaction, principal: Principal, event_id: str, *, now: datetime) -> Event:
        ...

The caller passes the database instead: `await publish_event(database, principal, event_id, now=clock.now())`. Inside a
transaction of that database, the command joins it. The function may run more than once, so it may only read and write
through the database and `record` messages. The time is always passed as the keyword argument `now`.
"""

import inspect
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from shared.errors import ProblemError
from shared.locks import locked
from shared.mongo import Database, DuplicateKeyError, Transaction

P = ParamSpec("P")
T = TypeVar("T")
Plain = Callable[Concatenate[Transaction, P], Awaitable[T]]
Command = Callable[Concatenate[Database, P], Awaitable[T]]


def in_transaction(
    *,
    lock: str | None = None,
    duplicate: Callable[[], ProblemError] | None = None,
    retry_duplicate: bool = False,
    apart: bool = False,
) -> Callable[[Plain[P, T]], Command[P, T]]:
    """Turn a function that takes a transaction into a command.

    `lock`: the name of the argument whose value, an id, the command locks before the transaction begins. `duplicate`
    makes the problem that is raised when a unique index refuses a document. `retry_duplicate` runs the command once
    more instead: the document exists by then, so the command finds it (a person joins a group twice at once). `apart`
    never joins a transaction of the caller: the change stays although the caller's request is refused (the end of a
    session whose refresh token was used twice). Raises `TypeError` when the function has no argument `lock`.
    """

    def decorate(plain: Plain[P, T]) -> Command[P, T]:
        signature = inspect.signature(plain)
        if lock is not None and lock not in signature.parameters:
            raise TypeError(f"{plain.__qualname__} has no argument `{lock}` to take a lock by")

        @wraps(plain)
        async def run(database: Database, /, *args: P.args, **kwargs: P.kwargs) -> T:
            async with _lock(database, signature, lock, args, kwargs):
                try:
                    return await database.transaction(lambda tx: plain(tx, *args, **kwargs), apart=apart)
                except DuplicateKeyError:
                    if retry_duplicate:
                        return await database.transaction(lambda tx: plain(tx, *args, **kwargs), apart=apart)
                    if duplicate is None:
                        raise
                    raise duplicate() from None

        return run

    return decorate


def _lock(
    database: Database, signature: inspect.Signature, name: str | None, args: Any, kwargs: Any
) -> AbstractAsyncContextManager[None]:
    if name is None:
        return nullcontext()
    return locked(database, signature.bind(None, *args, **kwargs).arguments[name])
