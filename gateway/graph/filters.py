"""What narrows the lists of a kind, and their orders: declared once for the kind, offered by every list of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from itertools import chain
from typing import Any

import strawberry
from strawberry.types.arguments import StrawberryArgument

from gateway.graph.declared import argument
from gateway.graph.kinds import Kind
from gateway.graph.names import Names


@dataclass(frozen=True)
class Filter:
    """One field of the input. `type`: a kind stands for an id of it; `param`: the service's name for it, which a list
    repeats; `below`: a hub stands for the hubs below it too."""

    name: str
    type: Any
    param: str = ""
    below: bool = False
    about: str = ""

    @property
    def annotation(self) -> Any:
        """What a type annotation would say."""
        return (strawberry.ID if isinstance(self.type, Kind) else self.type) | None


@dataclass(frozen=True)
class Filters:
    """The filters of a kind's lists. `order`: the contract's enum of the orders its service gives, the usual first."""

    each: tuple[Filter, ...] = ()
    order: type[Enum] | None = None

    def given(self, arguments: Mapping[str, Any]) -> list[tuple[Filter, Any]]:
        """The filters that were given, with what they ask for."""
        by_name = {each.name: each for each in self.each}
        given = arguments.get("filter") or {}
        return [(by_name[name], value) for name, value in given.items() if value is not None]

    @cached_property
    def names(self) -> Names:
        """Their names, in the graph and at the service."""
        pairs = [(each.name, each.param or each.name) for each in self.each]
        return Names(
            inwards={name: (param, None) for name, param in pairs},
            outwards={param: (name, None) for name, param in pairs},
            within="filter",
        )


def narrowed_by(*filters: Filter, order: type[Enum] | None = None) -> Filters:
    """These filters, and these orders."""
    return Filters(filters, order)


@cache
def filters_of(kind: Kind) -> Filters:
    """The filters of a kind's lists: those its query declares, or its part when no query lists the kind."""
    from gateway.graph.listing import Listing  # both import this module
    from gateway.graph.parts import PARTS

    queries = (query for part in PARTS for query in part.queries)
    of_query = (query.filters for query in queries if isinstance(query, Listing) and query.kind is kind)
    of_part = (filters for part in PARTS for of, filters in part.filters if of is kind)
    return next(chain(of_query, of_part), Filters())


def listed_by(filters: Filters) -> str | None:
    """The name of the query whose list has these filters; None when no query lists the kind."""
    from gateway.graph.listing import Listing  # both import this module
    from gateway.graph.parts import PARTS

    queries = (query for part in PARTS for query in part.queries)
    return next((each.name for each in queries if isinstance(each, Listing) and each.filters is filters), None)


@cache
def arguments_of(kind: Kind, usual: Enum | None = None) -> tuple[StrawberryArgument, ...]:
    """The arguments `filter` and `orderBy` of every list of this kind, as far as it has them.

    `usual`: the order of this list when none is asked for; without it, the first that there is.
    """
    filters = filters_of(kind)
    found: list[StrawberryArgument] = []
    if filters.each:
        about = "What the list is narrowed to; a thing must match every field."
        found.append(argument("filter", _input_of(kind, filters) | None, about))
    if filters.order is not None:
        unsaid = (usual or next(iter(filters.order))).name
        found.append(
            argument("orderBy", filters.order | None, f"The order of the list; `{unsaid}` when it is left out.")
        )
    return tuple(found)


@cache
def _input_of(kind: Kind, filters: Filters) -> Any:
    """The input type with the filters as its fields."""
    fields: dict[str, Any] = {
        f"{each.name}_": strawberry.field(name=each.name, description=each.about or None) for each in filters.each
    }
    annotations = {f"{each.name}_": each.annotation for each in filters.each}
    made = type(f"{kind.type}Filter", (), {"__annotations__": annotations, **fields})
    return strawberry.input(
        made, description="Each field narrows the list further. Null and an empty list narrow nothing."
    )
