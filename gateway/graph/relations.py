"""Makes fields from the declared edges."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from gateway.graph.declared import Declared, Info, Resolve, argument, declare
from gateway.graph.edges import Edge
from gateway.graph.filters import arguments_of, filters_of
from gateway.graph.kinds import Kind, kinds_by_type
from gateway.graph.names import told_by
from gateway.graph.pages import hubs_below, narrowed, no_page, read_page
from gateway.graph.shapes import AFTER, BEFORE, FIRST, LAST, page_of

PAGE_ARGUMENTS = (
    argument("first", int | None, FIRST),
    argument("after", str | None, AFTER),
    argument("last", int | None, LAST),
    argument("before", str | None, BEFORE),
)


NOT_READ = " Null when it cannot be read now: `errors` says why."
NOT_SEEN = " Null when you may not see it, or when it cannot be read now: then `errors` says why."


def fields_of(edges: Iterable[Edge], types: Mapping[str, type[Any]]) -> dict[str, list[Declared]]:
    """The fields for the edges, by their type's name. `types`: the classes by name."""
    fields: dict[str, list[Declared]] = defaultdict(list)
    for edge in edges:
        target: Any = types[edge.target]
        kind = kinds_by_type()[edge.target]
        about = _with_what_null_means(edge)
        if edge.is_page:
            narrowing = () if edge.path is not None else arguments_of(kind, edge.usual)
            arguments = (*narrowing, *PAGE_ARGUMENTS)
            made = declare(edge.field, page_of(target), _to_page(edge, kind), arguments=arguments, description=about)
        elif edge.many:
            made = declare(edge.field, list[target] | None, _to_many(edge, kind), description=about)
        else:
            made = declare(edge.field, target | None, _to_one(edge, kind), description=about)
        fields[edge.type].append(made)
    return fields


def _with_what_null_means(edge: Edge) -> str:
    """The edge's description. If it does not speak of null, the thing always exists, but may not be readable."""
    if "null" in edge.about.lower():
        return edge.about
    return edge.about + (NOT_READ if edge.is_page or edge.many else NOT_SEEN)


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
    key, by, below, path, filters = edge.key, edge.by, edge.below, edge.path, filters_of(kind)

    async def resolve(source: dict[str, Any], info: Info, **arguments: Any) -> dict[str, Any] | None:
        value: Any = source.get(key)
        if value is None:
            return None
        if path is not None:
            return await read_page(info, kind, (), arguments, path.format(value))
        with told_by(filters.names):
            narrower = await narrowed(info.context, filters, arguments, fixed=by)
            if below:
                value = await hubs_below(info.context, value)
            if narrower is None or not value:
                return no_page()
            return await read_page(info, kind, ((by or "", value), *narrower), arguments)

    return resolve
