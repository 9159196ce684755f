"""The form of a command: a plain function that takes the transaction; this module owns lock, transaction and retry.

    @in_transaction(lock="event_id")
    async def publish_event(tx: Transaction, principal: Principal, event_id: str, *, now: datetime) -> Event:
        ...

is called with the database instead: `await publish_event(database, principal, event_id, now=clock.now())`. Called
within a transaction it joins it. The function may run more than once, so it does nothing but read and write through the
database and `record` messages. `now` is always the keyword argument of this name.
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
    """Make a function of a transaction a command.

    `lock` names the argument whose value, an id, the command waits for its turn at. `duplicate` makes the problem to
    raise when a unique index refuses what the command adds. `retry_duplicate` runs the command once more instead: what
    it adds is there already, so it then finds it (a person joins a group in two places at once). `apart` never joins a
    transaction of the caller: what the command does stays although the caller's request is refused (the end of a
    session whose refresh token was used twice).
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
