"""How large an operation may be: nesting, aliases, directives. Looked at before anything else is checked.

Tokens are limited by the parser (`documents.py`), lists by the context (`context.py`), bodies by the application.
"""

from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
)

MAX_TOKENS = 2000
MAX_DEPTH = 12
MAX_ALIASES = 30
MAX_DIRECTIVES = 30


class Size(NamedTuple):
    """How deep fields nest in a selection, and how many aliases and directives it has, fragments spread out."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0


def check_size(document: DocumentNode) -> list[GraphQLError]:
    """What is too large about each operation. What lies below `__schema` and `__type` is not counted as depth."""
    measure = _Measure(document)
    try:
        sizes = [(each, measure.operation(each)) for each in document.definitions if _is_operation(each)]
    except RecursionError:
        return [GraphQLError(f"Fields nest deeper than {MAX_DEPTH}.")]
    found: list[GraphQLError] = []
    for operation, size in sizes:
        if size.depth > MAX_DEPTH:
            found.append(GraphQLError(f"Fields nest {size.depth} deep; the most is {MAX_DEPTH}.", operation))
        if size.aliases > MAX_ALIASES:
            found.append(GraphQLError(f"There are {size.aliases} aliases; the most is {MAX_ALIASES}.", operation))
        if size.directives > MAX_DIRECTIVES:
            found.append(
                GraphQLError(f"There are {size.directives} directives; the most is {MAX_DIRECTIVES}.", operation)
            )
    return found


def _is_operation(definition: object) -> bool:
    return isinstance(definition, OperationDefinitionNode)


class _Measure:
    """Measures selections; each fragment once, however often it is spread, so that the work stays linear."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self._known: dict[str, Size] = {}

    def operation(self, operation: object) -> Size:
        assert isinstance(operation, OperationDefinitionNode)
        size = self._selections(operation.selection_set)
        return size._replace(directives=size.directives + len(operation.directives or ()))

    def _selections(self, selected: SelectionSetNode | None) -> Size:
        depth = aliases = directives = 0
        for each in selected.selections if selected is not None else ():
            directives += len(each.directives or ())
            if isinstance(each, FragmentSpreadNode):
                size = self._fragment(each.name.value)
            elif isinstance(each, FieldNode):
                aliases += each.alias is not None
                size = self._selections(each.selection_set)
                size = size._replace(depth=1 if each.name.value.startswith("__") else size.depth + 1)
            else:
                size = self._selections(getattr(each, "selection_set", None))
            depth = max(depth, size.depth)
            aliases += size.aliases
            directives += size.directives
        return Size(depth, aliases, directives)

    def _fragment(self, name: str) -> Size:
        if name not in self._known:
            self._known[name] = Size()  # stands while it is measured, so that a cycle ends; validation refuses those
            fragment = self._fragments.get(name)
            if fragment is not None:
                self._known[name] = self._selections(fragment.selection_set)
        return self._known[name]
