"""Limits the size of an operation: depth, aliases, directives, fields, and repeats of one field.

They are checked before validation, which compares all fields of one name with one another and would take very long for
many of them.

Other limits stand elsewhere: of the text and its tokens in `documents.py`, of lists and of the answer in `context.py`,
of the body in the application.
"""

from collections import Counter
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
MAX_CHARACTERS = 100_000
MAX_DEPTH = 12
MAX_ALIASES = 30
MAX_DIRECTIVES = 30
MAX_FIELDS = 1000
MAX_REPEATS = 10
MAX_FRAGMENTS = 40
MAX_INTROSPECTIONS = {"__schema": 1, "__type": 10, "_service": 1}


class Size(NamedTuple):
    """The depth of a selection, and its numbers of aliases and directives, with all fragments spread."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0


def check_size(document: DocumentNode) -> list[GraphQLError]:
    """An error for each limit that an operation passes. Depth below `__schema` and `__type` is not counted."""
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
    return found or _check_repeats(document)


def _check_repeats(document: DocumentNode) -> list[GraphQLError]:
    """An error if there are too many fragments, fields (with fragments spread), or repeats of one field."""
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    if len(fragments) > MAX_FRAGMENTS:
        return [GraphQLError(f"There are {len(fragments)} fragments; the most is {MAX_FRAGMENTS}.")]
    seen: Counter[tuple[str, ...]] = Counter()
    introspections: Counter[tuple[str, str]] = Counter()
    pending: list[tuple[SelectionSetNode | None, tuple[str, ...], frozenset[str]]] = [
        (each.selection_set, (str(number),), frozenset())
        for number, each in enumerate(document.definitions)
        if isinstance(each, OperationDefinitionNode)
    ]
    while pending:
        selected, path, inside = pending.pop()
        for each in selected.selections if selected is not None else ():
            if isinstance(each, FragmentSpreadNode):
                name = each.name.value
                if name in fragments and name not in inside:  # validation refuses unknown fragments and cycles
                    pending.append((fragments[name].selection_set, path, inside | {name}))
                    seen[(*path, "...", name)] += 1
            elif isinstance(each, FieldNode):
                place = (*path, (each.alias or each.name).value)
                seen[place] += 1
                if seen[place] > MAX_REPEATS:
                    return [GraphQLError(f"One field stands more than {MAX_REPEATS} times in one place.", each)]
                name = each.name.value
                if name in MAX_INTROSPECTIONS:
                    introspections[path[0], name] += 1
                    if introspections[path[0], name] > (most := MAX_INTROSPECTIONS[name]):
                        return [GraphQLError(f"`{name}` stands more often than {most} times in one operation.", each)]
                pending.append((each.selection_set, place, inside))
            else:
                pending.append((getattr(each, "selection_set", None), path, inside))
            if len(seen) > MAX_FIELDS or seen.total() > MAX_FIELDS:
                return [GraphQLError(f"There are more than {MAX_FIELDS} fields.")]
    return []


def _is_operation(definition: object) -> bool:
    return isinstance(definition, OperationDefinitionNode)


class _Measure:
    """Measures selections. Each fragment is measured once, so that the work stays linear."""

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
            self._known[name] = Size()  # ends a cycle; validation refuses cycles later
            fragment = self._fragments.get(name)
            if fragment is not None:
                self._known[name] = self._selections(fragment.selection_set)
        return self._known[name]
