"""Divides the work of a large request into slices, so that other requests can run in between."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, SelectionNode

TURN = 500
"""How many fields one request completes in one turn, as graphql-core completes them: about 10 ms of work."""


class Turns:
    """The turns of one request. Only one of its tasks runs in a turn, even if more are ready."""

    def __init__(self) -> None:
        self._worked = 0
        self._next = asyncio.Lock()

    def worked(self, fields: int) -> None:
        """Count completed fields."""
        self._worked += fields

    @property
    def is_over(self) -> bool:
        """Whether this turn has completed its share of fields."""
        return self._worked > TURN

    def would_end(self, fields: int) -> bool:
        """Whether this turn would be over after this number of further fields."""
        return self._worked + fields > TURN

    async def next(self) -> None:
        """Wait for the next turn. This task then continues."""
        async with self._next:
            if self.is_over:
                await asyncio.sleep(0)
                self._worked = 0


def size_of(nodes: Iterable[FieldNode], fragments: Mapping[str, Any]) -> int:
    """The number of fields selected below these, with fragments spread; at least 1."""
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
