"""Pages of lists, as connections: a service's `{nodes, cursors, has_next, …}` in Relay's shape."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from gateway.context import Context
from gateway.graph.declared import Info
from gateway.graph.filters import Filters, listed_by
from gateway.graph.kinds import Kind
from gateway.graph.prefetch import prefetch_of_page
from gateway.graph.selection import is_selected
from shared.errors import Invalid, NotFound
from shared.ids import expect

Wanted = Sequence[tuple[str, Any]]
_PAGING = {"first": "first", "after": "after", "last": "last", "before": "before", "orderBy": "order"}
"""The arguments that choose the stretch and the order of a list, with the services' names for them."""


class FilterFixed(Invalid):
    """A filter that the field a list belongs to has set already."""

    code = "filter_fixed"
    message = "This list has this filter already: leave it out."


async def read_page(
    info: Info, kind: Kind, wanted: Wanted, arguments: Mapping[str, Any], path: str | None = None
) -> dict[str, Any] | None:
    """A page of a kind's list as a connection, None when the list is not the caller's to see.

    `wanted` are the service's filters: None is left out, a sequence is repeated. `arguments` are the field's own, of
    which paging and order are read here. The service counts the list only when `totalCount` is selected. Raises what
    the service refuses.
    """
    context = info.context
    params = [*_texts([*wanted, *((param, arguments.get(name)) for name, param in _PAGING.items())])]
    if is_selected(info, "totalCount"):
        context.spend_call()
        params.append(("count", "true"))
    context.spend_call()
    service = context.services[kind.service]
    try:
        page = await service.get(context.caller, path or f"/{kind.collection}", params)
    except NotFound:
        return None
    nodes, cursors = page["nodes"], page["cursors"]
    if kind.prefix is not None:
        context.loader.know(nodes)
    await prefetch_of_page(info, kind, nodes)
    return _connection(nodes, cursors, page["has_next"], page["has_previous"], page["total"])


async def narrowed(
    context: Context, filters: Filters, arguments: Mapping[str, Any], fixed: str | None = None
) -> list[tuple[str, Any]] | None:
    """What a service is asked for by the filters that were given; None when that is of a hub that is not there.

    `fixed`: the service's name of the filter that the field's own parent sets. Raises `FilterFixed` when that is given
    too, and `Invalid` for what is not an id of the kind a filter takes.
    """
    wanted: list[tuple[str, Any]] = []
    for each, value in filters.given(arguments):
        name = each.param or each.name
        if name == fixed:
            query = listed_by(filters)
            elsewhere = f", or use the root query `{query}`" if query is not None else ""
            message = f"This list is of one {each.name} already. Leave `{name}` out{elsewhere}."
            raise FilterFixed(message=message, path=(name,))
        if isinstance(each.type, Kind) and each.type.prefix is not None:
            expect(value, each.type.prefix, (name,))
        if each.below:
            value = await hubs_below(context, value)
            if not value:
                return None
        wanted.append((name, value))
    return wanted


def no_page() -> dict[str, Any]:
    """A connection without anything in it."""
    return _connection([], [], has_next=False, has_previous=False, total=0)


async def hubs_below(context: Context, hub_id: str) -> list[str]:
    """A hub's id and those of the hubs below it; none when the hub is not there. Asked for once a request."""
    below = context.below.get(hub_id)
    if below is None:
        context.spend_call()
        try:
            below = await context.services.membership.below(context.caller, hub_id)
        except NotFound:
            below = []
        context.below[hub_id] = below
    return below


def _connection(
    nodes: list[dict[str, Any]], cursors: list[str], has_next: bool, has_previous: bool, total: int | None
) -> dict[str, Any]:
    return {
        "edges": [{"cursor": cursor, "node": node} for cursor, node in zip(cursors, nodes, strict=True)],
        "page_info": {
            "has_next_page": has_next,
            "has_previous_page": has_previous,
            "start_cursor": cursors[0] if cursors else None,
            "end_cursor": cursors[-1] if cursors else None,
        },
        "total_count": total,
    }


def _texts(wanted: Wanted) -> Iterable[tuple[str, str]]:
    """As parameters of an address. Drops repeated values: repeats could exceed the longest address."""
    for name, value in wanted:
        for each in dict.fromkeys(value) if isinstance(value, list | tuple) else (value,):
            if each is not None:
                yield name, each.value if isinstance(each, Enum) else str(each)
