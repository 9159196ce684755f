"""Makes fields of the declared edges."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from gateway.graph.declared import Declared, Info, Resolve, argument, declare
from gateway.graph.edges import Edge
from gateway.graph.kinds import Kind, kinds_by_type
from gateway.graph.names import told_by
from gateway.graph.pages import hubs_below, narrowed, no_page, read_page
from gateway.graph.shapes import AFTER, FIRST, page_of
from shared.paging import DEFAULT_FIRST

PAGE_ARGUMENTS = (
    argument("first", int | None, FIRST, default=DEFAULT_FIRST),
    argument("after", str | None, AFTER),
)


def fields_of(edges: Iterable[Edge], types: Mapping[str, type[Any]]) -> dict[str, list[Declared]]:
    """The fields that lead along the edges, by the type they belong to. `types`: the classes by name."""
    fields: dict[str, list[Declared]] = defaultdict(list)
    for edge in edges:
        target: Any = types[edge.target]
        kind = kinds_by_type()[edge.target]
        if edge.is_page:
            arguments = (*edge.filters.arguments, *PAGE_ARGUMENTS)
            made = declare(
                edge.field, page_of(target), _to_page(edge, kind), arguments=arguments, description=edge.about
            )
        elif edge.many:
            made = declare(edge.field, list[target] | None, _to_many(edge, kind), description=edge.about)
        else:
            made = declare(edge.field, target | None, _to_one(edge, kind), description=edge.about)
        fields[edge.type].append(made)
    return fields


def _to_one(edge: Edge, kind: Kind) -> Resolve:
    key = edge.key

    def resolve(source: dict[str, Any], info: Info) -> Any:
        identifier = source.get(key)
        return None if identifier is None else info.context.loader.one(kind, identifier)

    return resolve


def _to_many(edge: Edge, kind: Kind) -> Resolve:
    key = edge.key

    def resolve(source: dict[str, Any], info: Info) -> Any:
        return info.context.loader.many(kind, source.get(key) or ())

    return resolve


def _to_page(edge: Edge, kind: Kind) -> Resolve:
    key, by, below, path, filters = edge.key, edge.by, edge.below, edge.path, edge.filters

    async def resolve(
        source: dict[str, Any], info: Info, first: int | None = None, after: str | None = None, **given: Any
    ) -> dict[str, Any] | None:
        value: Any = source.get(key)
        if value is None:
            return None
        if path is not None:
            return await read_page(info, kind, (), first, after, path.format(value))
        if below:
            value = await hubs_below(info.context, value)
            if not value:
                return no_page()
        with told_by(filters.names):
            narrower = await narrowed(info.context, filters, given)
            if narrower is None:
                return no_page()
            return await read_page(info, kind, ((by or "", value), *narrower), first, after)

    return resolve
