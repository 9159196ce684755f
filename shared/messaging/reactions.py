"""How a feature declares which messages it handles: `on(MessageClass, handler)` in its `feature.py`."""

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
    """A received message: its envelope and the original bytes."""

    envelope: Envelope
    body: bytes


@dataclass(frozen=True)
class Reaction(Generic[M]):
    """A message class and its handler, which runs in the same transaction as the inbox row is written."""

    message: type[M]
    handler: Handler[M]
    queue: str | None = None


def on(message: type[M], handler: Handler[M], *, queue: str | None = None) -> Reaction[M]:
    """Call `handler(transaction, message, envelope)` for each message of this class.

    `queue`: the messages have a queue (`<service>.<queue>`) and workers of their own, so they never wait behind the
    service's other messages. All reactions to a class must name the same queue.
    """
    return Reaction(message, handler, queue)


@dataclass(frozen=True)
class Subscriptions:
    """All messages that a service handles. `batch` handles those of the `batched` classes many at a time, first."""

    reactions: Sequence[Reaction[Any]] = ()
    batched: Sequence[type[Message]] = ()
    batch: BatchHandler | None = None
    batch_size: int = 200

    def binding_keys(self) -> list[str]:
        """The types of all messages the service handles, through any of its queues; sorted."""
        classes: Iterable[type[Message]] = (*(r.message for r in self.reactions), *self.batched)
        return sorted({cls.type_name() for cls in classes})

    def own_queues(self) -> list[str]:
        """The names of the queues beside the service's main queue; sorted."""
        return sorted({r.queue for r in self.reactions if r.queue is not None})

    def of_queue(self, queue: str) -> "Subscriptions":
        """The subscriptions of one of those queues."""
        return Subscriptions(reactions=[replace(r, queue=None) for r in self.reactions if r.queue == queue])

    def moved_keys(self) -> list[str]:
        """The types that have a queue of their own; sorted.

        The main queue must not be bound to them. An earlier version may have bound it, so the consumer unbinds them. A
        message that still arrives there is handled.
        """
        return sorted({r.message.type_name() for r in self.reactions if r.queue is not None})

    def of(self, type_name: str) -> list[Reaction[Any]]:
        """The reactions to messages of this type."""
        return [r for r in self.reactions if r.message.type_name() == type_name]

    def is_batched(self, type_name: str) -> bool:
        """Whether the batch handler takes messages of this type."""
        return type_name in self._batched_types

    @cached_property
    def _batched_types(self) -> frozenset[str]:
        return frozenset(cls.type_name() for cls in self.batched)
