"""Turns of the event loop: a request that has a lot to complete lets others go on in between."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, SelectionNode

TURN = 500
"""So many fields of graphql-core's own one request completes in one turn: they take some 10 ms."""


class Turns:
    """One request's. Only one of its tasks goes on in a turn, however many are ready."""

    def __init__(self) -> None:
        self._worked = 0
        self._next = asyncio.Lock()

    def worked(self, fields: int) -> None:
        """Count fields that were completed."""
        self._worked += fields

    @property
    def is_over(self) -> bool:
        """Whether this turn has had its share."""
        return self._worked > TURN

    def would_end(self, fields: int) -> bool:
        """Whether this turn would be over before so many fields more are completed."""
        return self._worked + fields > TURN

    async def next(self) -> None:
        """Wait for the next turn, in which this task goes on."""
        async with self._next:
            if self.is_over:
                await asyncio.sleep(0)
                self._worked = 0


def size_of(nodes: Iterable[FieldNode], fragments: Mapping[str, Any]) -> int:
    """How many fields are selected below these, fragments spread out; at least 1."""
    size = 0
    pending: list[SelectionNode] = list(nodes)
    while pending:
        node = pending.pop()
        if isinstance(node, FieldNode):
            size += 1
        elif isinstance(node, FragmentSpreadNode):
            node = fragments[node.name.value].definition
        selected = getattr(node, "selection_set", None)
        pending.extend(selected.selections if selected is not None else ())
    return max(1, size)
