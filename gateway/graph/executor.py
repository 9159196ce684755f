"""Executes operations on plain objects of JSON: leaf fields are read straight from their object.

Most of an answer is leaf fields whose value only has to be passed on. For those, what graphql-core does for every field
(resolve info, path, resolver, completion) is left out. Whatever is unusual about a value, a null where there must be
none, a word the list does not have, is left to graphql-core, so that its errors are the same.

Long lists are completed in turns, so that other requests need not wait until all of an answer is there.
"""

from collections.abc import Awaitable, Iterable, Mapping
from typing import Any, ClassVar

import orjson
from graphql import GraphQLObjectType, GraphQLSchema
from graphql.execution import Executor
from graphql.pyutils import Path, gather_with_cancel

from gateway.context import Context
from gateway.graph.leaves import UNUSUAL, Leaves, Read, leaves_of
from gateway.graph.slices import Turns, size_of

PLAIN_ONES = 16
"""So many plain leaf fields take as long as one of graphql-core's."""


class PlainExecutor(Executor[Context]):
    """graphql-core's executor for one schema (`executor_for`)."""

    leaves: ClassVar[Leaves] = {}

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._splits: dict[int, tuple[Any, list[tuple[str, Read]], dict[str, Any], list[str]]] = {}
        self._sizes: dict[int, tuple[Any, int]] = {}
        self._turns = Turns()

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: dict[str, Any],
        position_context: Any,
    ) -> Any:
        """The selected fields of one object, in the order they were asked for."""
        _, plain, others, names = self._split(parent_type, grouped_field_set)
        if not plain or type(source_value) is not dict:
            self.context_value.spend(len(names), 0)
            self._turns.worked(len(names))
            return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)
        results: dict[str, Any] = dict.fromkeys(names)
        unusual: list[str] = []
        size = 0
        for name, read in plain:
            value = read(source_value)
            if value is UNUSUAL:
                unusual.append(name)
            else:
                results[name] = value
                if type(value) is str:
                    size += len(value) if value.isascii() else len(value.encode())
                elif type(value) is list or type(value) is dict:
                    size += len(orjson.dumps(value))
        self.context_value.spend(len(names), size)
        self._turns.worked(1 + len(others) + len(plain) // PLAIN_ONES)
        if unusual:
            others = {name: grouped_field_set[name] for name in names if name in others or name in unusual}
        if not others:
            return results
        rest = super().execute_fields(parent_type, source_value, path, others, position_context)
        if isinstance(rest, dict):
            results.update(rest)
            return results
        return _completed(results, rest)

    def complete_iterable_value(
        self,
        item_type: Any,
        field_details_list: Any,
        info: Any,
        path: Path,
        items: Iterable[Any],
        position_context: Any,
    ) -> Any:
        """The items of a list, in turns when they are a lot of work."""
        if type(items) is list and self._turns.would_end(len(items) * self._size(field_details_list)):
            return self._complete_in_turns(item_type, field_details_list, info, path, items, position_context)
        return super().complete_iterable_value(item_type, field_details_list, info, path, items, position_context)

    async def _complete_in_turns(
        self, item_type: Any, field_details_list: Any, info: Any, path: Path, items: list[Any], position_context: Any
    ) -> list[Any]:
        completed: list[Any] = []
        waiting: list[int] = []
        try:
            for index, item in enumerate(items):
                if self._turns.is_over:
                    await self._turns.next()
                below = path.add_key(index, None)
                if self.is_awaitable(item):
                    completed.append(
                        self.complete_awaitable_list_item_value(
                            item, item_type, field_details_list, info, below, position_context
                        )
                    )
                    waiting.append(index)
                elif self.complete_list_item_value(
                    item, completed, item_type, field_details_list, info, below, position_context
                ):
                    waiting.append(index)
        except BaseException:
            if waiting:
                self.settle_in_background([completed[index] for index in waiting])
            raise
        found = await gather_with_cancel(*(completed[index] for index in waiting)) if waiting else ()
        for index, value in zip(waiting, found, strict=True):
            completed[index] = value
        return completed

    def _size(self, details: Any) -> int:
        """How many fields are selected of each thing. Worked out once; the details are kept, so that their id stays."""
        known = self._sizes.get(id(details))
        if known is None:
            nodes = [each.node for each in details]
            known = self._sizes[id(details)] = (details, size_of(nodes, self.fragments))
        return known[1]

    def _split(
        self, parent_type: GraphQLObjectType, fields: Mapping[str, Any]
    ) -> tuple[Any, list[tuple[str, Read]], dict[str, Any], list[str]]:
        """Which of these fields are plain leaves. Worked out once for all objects the same fields are wanted of."""
        split = self._splits.get(id(fields))
        if split is None:
            readers = self.leaves.get(parent_type.name, {})
            plain: list[tuple[str, Read]] = []
            others: dict[str, Any] = {}
            for name, details in fields.items():
                read = readers.get(details[0].node.name.value)
                if read is None:
                    others[name] = details
                else:
                    plain.append((name, read))
            # The fields are kept beside it, so that their id stays theirs.
            split = self._splits[id(fields)] = (fields, plain, others, list(fields))
        return split


def executor_for(schema: GraphQLSchema) -> type[PlainExecutor]:
    """The executor that knows this schema's plain leaves."""
    return type("SchemaExecutor", (PlainExecutor,), {"leaves": leaves_of(schema)})


async def _completed(results: dict[str, Any], rest: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    results.update(await rest)
    return results
