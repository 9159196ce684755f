"""Prefetches the things that the selected relations of a page lead to, before the page is completed.

The loader would batch these reads in any case. But a value that is already there is completed at once, while each value
to wait for costs a task of the event loop, and a page has many. A thing that cannot be read is left to its field, which
raises the error.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Iterator, Sequence

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode

from gateway.graph.declared import Info
from gateway.graph.edges import edges_to_things
from gateway.graph.kinds import Kind, kinds_by_type
from gateway.graph.loader import Thing


async def prefetch_of_page(info: Info, kind: Kind, things: Sequence[Thing]) -> None:
    """Read the things that the relations selected in `edges { node { … } }` lead to, at all levels."""
    edges = _below(info, info.field_nodes, "edges")
    await _prefetch(info, kind, things, list(_below(info, edges, "node")))


async def _prefetch(info: Info, kind: Kind, things: Sequence[Thing], selected: Sequence[FieldNode]) -> None:
    reading: list[Awaitable[list[Thing]]] = []
    further: list[tuple[Kind, FieldNode]] = []
    for field in _fields(info, selected):
        edge = edges_to_things().get((kind.type, field.name.value))
        if edge is None:
            continue
        values = [thing.get(edge.key) for thing in things]
        ids = [each for value in values for each in (value if isinstance(value, list) else (value,)) if each]
        target = kinds_by_type()[edge.target]
        reading.append(_settled(info.context.loader.many(target, dict.fromkeys(ids))))
        further.append((target, field))
    if not reading:
        return
    found = await asyncio.gather(*reading)
    for (target, field), reached in zip(further, found, strict=True):
        await _prefetch(info, target, reached, [field])


async def _settled(things: list[Thing] | Awaitable[list[Thing]]) -> list[Thing]:
    if isinstance(things, list):
        return things
    try:
        return await things
    except Exception:  # noqa: BLE001 the loader keeps it, and the field raises it
        return []


def _below(info: Info, nodes: Iterable[FieldNode], name: str) -> Iterator[FieldNode]:
    return (field for field in _fields(info, nodes) if field.name.value == name)


def _fields(info: Info, nodes: Iterable[FieldNode]) -> Iterator[FieldNode]:
    for node in nodes:
        yield from _selections(info, node.selection_set)


def _selections(info: Info, selected: SelectionSetNode | None) -> Iterator[FieldNode]:
    """The fields of a selection and its fragments. Fields with a directive are not prefetched."""
    for each in selected.selections if selected is not None else ():
        if each.directives:
            continue
        if isinstance(each, FieldNode):
            yield each
        elif isinstance(each, InlineFragmentNode):
            yield from _selections(info, each.selection_set)
        elif isinstance(each, FragmentSpreadNode):
            yield from _selections(info, info.fragments[each.name.value].selection_set)
