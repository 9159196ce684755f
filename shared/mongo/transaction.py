"""A transaction, and the one that the current task is in."""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shared.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from shared.messaging.envelope import Message, Reach
    from shared.mongo.database import Database


class Stale(Conflict):
    """Another caller has changed the document since it was read."""

    code = "changed_meanwhile"
    message = "This has another version by now. Read it again and retry."


def expect_version(seen: int | None, current: int) -> None:
    """Raise `Stale` (path `version`) when the caller has read another version than the current one."""
    if seen is not None and seen != current:
        raise Stale(path=("version",))


class TooBusy(Unavailable):
    """Other transactions held the document too long: many at once, or that of a dead process."""

    code = "too_busy"
    message = "Too many are changing this at once. Try again."


@dataclass(frozen=True)
class Recorded:
    """A message that a transaction will write to the outbox, with the arguments of `Transaction.record`."""

    message: "Message"
    subject: str
    hub: str | None
    touches: frozenset[str]
    reach: "Reach | None"
    anonymous: bool


@dataclass
class Transaction:
    """One open transaction. Reads and writes through its database join it; commands `record` messages in it."""

    session: Any
    database: "Database"
    recorded: list[Recorded] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    is_over: bool = False
    """Whether it was committed or aborted. A task that runs longer than the transaction no longer joins it."""

    def record(
        self,
        message: "Message",
        *,
        subject: str,
        hub: str | None = None,
        touches: Iterable[str | None] = (),
        reach: "Reach | None" = None,
        anonymous: bool = False,
    ) -> None:
        """Write a message to the outbox in this transaction.

        `subject`: the id of the thing it is about. `hub`: the hub it concerns. `touches`: the ids of everything that
        shows the change; `None` is dropped. `reach`: `hub` when that hub's developers may receive it (the default for
        public messages with a hub). `anonymous`: leave out the actor and every link to the request.
        """
        touched = frozenset(one for one in touches if one is not None)
        self.recorded.append(Recorded(message, subject, hub, touched, reach, anonymous))


_current: ContextVar[Transaction | None] = ContextVar("mycelium_transaction", default=None)


def current_transaction(database: object) -> Transaction | None:
    """The open transaction of this database that the current task is in, or `None`."""
    transaction = _current.get()
    if transaction is None or transaction.is_over or transaction.database is not database:
        return None
    return transaction
