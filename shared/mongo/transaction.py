"""One unit of change, and which one the present task stands in."""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shared.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from shared.messaging.envelope import Message, Reach
    from shared.mongo.database import Database


class Stale(Conflict):
    """Somebody else changed the document since it was read."""

    code = "changed_meanwhile"
    message = "This was changed by somebody else meanwhile. Read it again and retry."


def expect_version(seen: int | None, current: int) -> None:
    """Raise `Stale`, naming `version`, when the caller has seen another version than the present one."""
    if seen is not None and seen != current:
        raise Stale(path=("version",))


class TooBusy(Unavailable):
    """Others held the document for as long as was waited: many at once, or a dead process."""

    code = "too_busy"
    message = "Too many are changing this at once. Try again."


@dataclass(frozen=True)
class Recorded:
    """A message that a transaction will put into the outbox, and how it is addressed (see `Transaction.record`)."""

    message: "Message"
    subject: str
    hub: str | None
    touches: frozenset[str]
    reach: "Reach | None"
    anonymous: bool


@dataclass
class Transaction:
    """One unit of change. Reads and writes through its database join it; commands `record` messages in it."""

    session: Any
    database: "Database"
    recorded: list[Recorded] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    is_over: bool = False
    """Whether it was committed or aborted: a task that outlives it no longer joins it."""

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
        """Append a message to the outbox in this same transaction.

        `subject`: the id of the thing it is about. `hub`: whose hub it concerns. `touches`: ids of everything the
        change is visible in; `None` among them is dropped. `reach`: `hub` when that hub's developers may have it
        (the default for public messages with a hub). `anonymous`: leave out the actor and every link to the request.
        """
        touched = frozenset(one for one in touches if one is not None)
        self.recorded.append(Recorded(message, subject, hub, touched, reach, anonymous))


_current: ContextVar[Transaction | None] = ContextVar("mycelium_transaction", default=None)


def current_transaction(database: object) -> Transaction | None:
    """The open transaction of this database that the present task stands in, if there is one."""
    transaction = _current.get()
    if transaction is None or transaction.is_over or transaction.database is not database:
        return None
    return transaction
