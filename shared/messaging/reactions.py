"""How a service says what it listens to: one table of message class and reaction, in its `subscriptions.py`."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Generic, TypeVar

from shared.messaging.envelope import Envelope, Message
from shared.mongo import Transaction

M = TypeVar("M", bound=Message)
Handler = Callable[[Transaction, M, Envelope], Awaitable[None]]
BatchHandler = Callable[[Transaction, Sequence["Received"]], Awaitable[None]]


@dataclass(frozen=True)
class Received:
    """A message as it came: its envelope and the very bytes."""

    envelope: Envelope
    body: bytes


@dataclass(frozen=True)
class Reaction(Generic[M]):
    """One line of the table. The handler runs in the transaction that also writes the inbox row."""

    message: type[M]
    handler: Handler[M]
    queue: str | None = None


def on(message: type[M], handler: Handler[M], *, queue: str | None = None) -> Reaction[M]:
    """Answer each message of this class by calling `handler(transaction, message, envelope)`.

    `queue`: its messages come through a queue and workers of their own, `<service>.<queue>`, and so never wait behind
    the service's others. All reactions to a class name the same one.
    """
    return Reaction(message, handler, queue)


@dataclass(frozen=True)
class Subscriptions:
    """All a service listens to. `batch` takes messages of the `batched` classes many at a time, before single ones."""

    reactions: Sequence[Reaction[Any]] = ()
    batched: Sequence[type[Message]] = ()
    batch: BatchHandler | None = None
    batch_size: int = 200

    def binding_keys(self) -> list[str]:
        """The types the service listens to, through whichever queue."""
        classes: Iterable[type[Message]] = (*(r.message for r in self.reactions), *self.batched)
        return sorted({cls.type_name() for cls in classes})

    def own_queues(self) -> list[str]:
        """The queues beside the service's main one."""
        return sorted({r.queue for r in self.reactions if r.queue is not None})

    def of_queue(self, queue: str) -> "Subscriptions":
        """What one of those queues is for."""
        return Subscriptions(reactions=[replace(r, queue=None) for r in self.reactions if r.queue == queue])

    def moved_keys(self) -> list[str]:
        """The types that come through a queue of their own.

        The main queue is not bound to them. It may be still by an earlier version: so they are unbound, and handled if
        they come there all the same.
        """
        return sorted({r.message.type_name() for r in self.reactions if r.queue is not None})

    def of(self, type_name: str) -> list[Reaction[Any]]:
        """The reactions to messages of this type."""
        return [r for r in self.reactions if r.message.type_name() == type_name]

    def is_batched(self, type_name: str) -> bool:
        """Whether the batch handler wants messages of this type."""
        return type_name in self._batched_types

    @cached_property
    def _batched_types(self) -> frozenset[str]:
        return frozenset(cls.type_name() for cls in self.batched)
