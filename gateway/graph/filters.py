"""What narrows a list, declared: for the lists of `Query` and for those that lead from a thing."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import strawberry
from strawberry.types.arguments import StrawberryArgument

from gateway.graph.declared import argument
from gateway.graph.kinds import Kind
from gateway.graph.names import Names


@dataclass(frozen=True)
class Filter:
    """One of them. `type`: a kind stands for an id of it; `param`: the service's name; `below`: a hub stands for the
    hubs below it too."""

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
    """Those of one list. `within`: they are fields of an input of this name, the argument `filter`."""

    each: tuple[Filter, ...] = ()
    within: str | None = None

    @property
    def arguments(self) -> tuple[StrawberryArgument, ...]:
        """The arguments of a field that takes them."""
        if self.within is not None:
            return (argument("filter", _input_of(self.within, self.each) | None),)
        return tuple(argument(each.name, each.annotation, each.about) for each in self.each)

    def given(self, arguments: Mapping[str, Any]) -> list[tuple[Filter, Any]]:
        """The filters that were given, with what they ask for."""
        by_name = {each.name: each for each in self.each}
        given = (arguments.get("filter") or {}) if self.within is not None else arguments
        return [(by_name[name], value) for name, value in given.items() if value is not None]

    @cached_property
    def names(self) -> Names:
        """Their names, in the graph and at the service."""
        pairs = [(each.name, each.param or each.name) for each in self.each]
        return Names(
            inwards={name: (param, None) for name, param in pairs},
            outwards={param: (name, None) for name, param in pairs},
            within=None if self.within is None else "filter",
        )


def narrowed_by(*filters: Filter, within: str | None = None) -> Filters:
    """These filters: arguments of their own or, with `within`, fields of the input of that name."""
    return Filters(filters, within)


@cache
def _input_of(name: str, filters: tuple[Filter, ...]) -> Any:
    """An input type with the filters as its fields; the same one for all lists that take it."""
    fields: dict[str, Any] = {
        f"{each.name}_": strawberry.field(name=each.name, description=each.about or None) for each in filters
    }
    annotations = {f"{each.name}_": each.annotation for each in filters}
    made = type(name, (), {"__annotations__": annotations, **fields})
    return strawberry.input(made, description="Each field narrows the list further.")
