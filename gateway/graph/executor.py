"""Executes operations on plain JSON objects: leaf fields are read directly from their object.

Most fields of an answer are leaves whose value is only passed on. For these, the steps of graphql-core (resolve info,
path, resolver, completion) are skipped. A value that does not fit the schema, such as a null in a non-null field or an
unknown enum value, is left to graphql-core, so that the errors are the same.

Long lists are completed in turns, so that other requests can run in between.
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
"""How many plain leaf fields take as long as one field of graphql-core."""


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
        """The selected fields of one object, in the order of the selection."""
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
        """The items of a list; in turns if they are much work."""
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
        """The number of fields selected of each item. Kept by the id of the details, which are kept alive for it."""
        known = self._sizes.get(id(details))
        if known is None:
            nodes = [each.node for each in details]
            known = self._sizes[id(details)] = (details, size_of(nodes, self.fragments))
        return known[1]

    def _split(
        self, parent_type: GraphQLObjectType, fields: Mapping[str, Any]
    ) -> tuple[Any, list[tuple[str, Read]], dict[str, Any], list[str]]:
        """These fields, divided into plain leaves and others. Done once for all objects with the same selection."""
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
            # The fields are kept alive with it, so that their id is not used again.
            split = self._splits[id(fields)] = (fields, plain, others, list(fields))
        return split


def executor_for(schema: GraphQLSchema) -> type[PlainExecutor]:
    """The executor for this schema, with the readers of its plain leaves."""
    return type("SchemaExecutor", (PlainExecutor,), {"leaves": leaves_of(schema)})


async def _completed(results: dict[str, Any], rest: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    results.update(await rest)
    return results
