"""A feature declares here, once, all that its service needs to know. A service is a list of features.

    FEATURE = Feature(
        "registrations",
        routes=ROUTES,
        stores=(store.REGISTRATIONS, store.PROMOTIONS),
        reactions=(on(GroupLeft, on_group_left),),
    )

The rest is derived from these lists: routes and the table of their scopes, indexes, the queue's bindings, background
loops, locks, the reference of personal data.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shared.messaging.reactions import BatchHandler, Reaction
from shared.migrations import Migration
from shared.mongo import Database, Index
from shared.personal_data import PersonalData
from shared.routing import Routes
from shared.store import Store

if TYPE_CHECKING:
    from shared.app import Service
    from shared.messaging.envelope import Message

Hook = Callable[["Service"], Awaitable[None]]
LockId = Callable[[Database, str], Awaitable[str | None]]


async def itself(database: Database, identifier: str) -> str | None:
    """The id to lock when the path parameter is itself that id."""
    return identifier


@dataclass(frozen=True)
class Batch:
    """Messages that are handled many at a time, in one transaction."""

    messages: Sequence[type["Message"]]
    handler: BatchHandler


@dataclass(frozen=True)
class Feature:
    """All that one feature adds to its service.

    `stores`: its collections. `indexes`: for collections without a store. `reactions` and `batch`: the handlers of
    other services' messages. `loops`: tasks that run in the background until shutdown. `locks`: for the name of a path
    parameter, a function that returns the id to lock before the transaction of a request with an `Idempotency-Key`
    begins. `personal_data`: the data about people that it stores. `migrations`: changes of stored documents, in order.
    `prepare` fills `service.extra` when the application is made. `on_start` runs when the database is ready, before
    messages arrive. `on_stop` runs at shutdown, when consumers and relay have stopped. `unlinked`: whether a request
    (an ASGI scope) may not be linked with its caller's log lines and traces.
    """

    name: str
    routes: Routes | None = None
    stores: Sequence[Store[Any]] = ()
    indexes: Mapping[str, Sequence[Index]] = field(default_factory=dict)
    reactions: Sequence[Reaction[Any]] = ()
    batch: Batch | None = None
    loops: Sequence[Hook] = ()
    locks: Mapping[str, LockId] = field(default_factory=dict)
    personal_data: Sequence[PersonalData] = ()
    migrations: Sequence[Migration] = ()
    prepare: Callable[["Service"], None] | None = None
    on_start: Hook | None = None
    on_stop: Hook | None = None
    unlinked: Callable[[Mapping[str, Any]], bool] | None = None

    def all_indexes(self) -> dict[str, Sequence[Index]]:
        """The indexes of all its collections, by collection."""
        return {**{store.collection: store.indexes for store in self.stores}, **self.indexes}
