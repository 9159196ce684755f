"""Executes operations on plain objects of JSON: leaf fields are read straight from their object.

Most of an answer is leaf fields whose value only has to be passed on. For those, what graphql-core does for every field
(resolve info, path, resolver, completion) is left out. Whatever is unusual about a value, a null where there must be
none, a word the list does not have, is left to graphql-core, so that its errors are the same.
"""

from collections.abc import Awaitable, Mapping
from typing import Any, ClassVar

from graphql import GraphQLObjectType, GraphQLSchema
from graphql.execution import Executor
from graphql.pyutils import Path

from gateway.context import Context
from gateway.graph.leaves import UNUSUAL, Leaves, Read, leaves_of


class PlainExecutor(Executor[Context]):
    """graphql-core's executor for one schema (`executor_for`)."""

    leaves: ClassVar[Leaves] = {}

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._splits: dict[int, tuple[Any, list[tuple[str, Read]], dict[str, Any], list[str]]] = {}

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
            return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)
        results: dict[str, Any] = dict.fromkeys(names)
        unusual: list[str] = []
        characters = 0
        for name, read in plain:
            value = read(source_value)
            if value is UNUSUAL:
                unusual.append(name)
            else:
                results[name] = value
                if type(value) is str:
                    characters += len(value)
        self.context_value.spend(len(names), characters)
        if unusual:
            others = {name: grouped_field_set[name] for name in names if name in others or name in unusual}
        if not others:
            return results
        rest = super().execute_fields(parent_type, source_value, path, others, position_context)
        if isinstance(rest, dict):
            results.update(rest)
            return results
        return _completed(results, rest)

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
