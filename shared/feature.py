"""A feature says once, here, all that its service must know of it. A service is a list of its features.

    FEATURE = Feature(
        "registrations",
        routes=ROUTES,
        stores=(store.REGISTRATIONS, store.PROMOTIONS),
        reactions=(on(GroupLeft, on_group_left),),
    )

What can be derived is derived from these lists: routes and the table of their scopes, indexes, the queue's bindings,
background loops, locks, the reference of personal data.
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
    """The lock of a request whose path names the locked thing itself."""
    return identifier


@dataclass(frozen=True)
class Batch:
    """Messages that are taken in many at a time, in one transaction."""

    messages: Sequence[type["Message"]]
    handler: BatchHandler


@dataclass(frozen=True)
class Feature:
    """All that one feature adds to its service.

    `stores`: its collections. `indexes`: of collections without a store. `reactions` and `batch`: what it answers to
    other services' messages. `loops`: what it does for ever in the background. `locks`: by the name of a path
    parameter, the id that a changing request waits for before its transaction begins. `personal_data`: what it holds on
    a person. `migrations`: changes of stored documents, in order. `prepare` fills `service.extra` before anything runs;
    `on_start` runs once the database is there and before messages come, `on_stop` after all else. `unlinked`: knows
    the requests whose log lines and traces may not be joined to their caller's.
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
        """The indexes its collections want, by collection."""
        return {**{store.collection: store.indexes for store in self.stores}, **self.indexes}
