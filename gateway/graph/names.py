"""Translates names of fields between the graph, where callers write them, and the services.

The paths and sentences of problems use the names of the graph only.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from strawberry.types.base import StrawberryList, StrawberryOptional
from strawberry.utils.str_converters import to_camel_case

from shared.errors import ProblemError

Fields = dict[str, Any]
_QUOTED = re.compile(r"`([a-z]+(?:_[a-z]+)*)`")


@dataclass(frozen=True)
class Names:
    """The names of some fields in the graph and at the service, and those of the inputs in them.

    `inwards`: from the graph to the service. `outwards`: from the service to the graph. `within`: the argument that
    these are fields of. A name that is not among them is an argument itself.
    """

    inwards: Mapping[str, tuple[str, "Names | None"]]
    outwards: Mapping[str, tuple[str, "Names | None"]]
    within: str | None = None

    def inward(self, given: Mapping[str, Any]) -> Fields:
        """Fields with the graph's names, renamed for the service."""
        fields: Fields = {}
        for name, value in given.items():
            python_name, within = self.inwards[name]
            fields[python_name] = value if within is None else _each(value, within.inward)
        return fields

    def outward(self, path: Sequence[str | int]) -> list[str]:
        """A service's path to a field, renamed for the graph."""
        names: Names | None = self
        told = [self.within] if self.within is not None and path and path[0] in self.outwards else []
        for part in path:
            known = names.outwards.get(part) if names is not None and isinstance(part, str) else None
            if known is not None:
                told.append(known[0])
                names = known[1]
            else:
                told.append(part if isinstance(part, str) and not part.islower() else to_camel_case(str(part)))
        return told

    def sentence(self, message: str) -> str:
        """A service's sentence, with quoted fields such as `starts_at` renamed for the graph."""
        return _QUOTED.sub(lambda quoted: f"`{self._told(quoted[1]) or to_camel_case(quoted[1])}`", message)

    def _told(self, name: str) -> str | None:
        if name in self.outwards:
            return self.outwards[name][0]
        deeper = (within._told(name) for _, within in self.outwards.values() if within is not None)
        return next((found for found in deeper if found is not None), None)


def names_of(type_: Any, within: str | None = None) -> Names:
    """The names of an input's fields. `type_`: its class, or None for a mutation without input."""
    inwards: dict[str, tuple[str, Names | None]] = {}
    outwards: dict[str, tuple[str, Names | None]] = {}
    for each in type_.__strawberry_definition__.fields if type_ is not None else ():
        inner = each.type
        while isinstance(inner, StrawberryOptional | StrawberryList):
            inner = inner.of_type
        is_input = hasattr(inner, "__strawberry_definition__") and hasattr(inner.__strawberry_definition__, "fields")
        names = names_of(inner) if is_input else None
        graph_name = each.graphql_name or to_camel_case(each.python_name)
        inwards[graph_name] = (each.python_name, names)
        outwards[each.python_name] = (graph_name, names)
    return Names(inwards, outwards, within)


@contextmanager
def told_by(names: Names) -> Iterator[None]:
    """Rename the fields in the problems that are raised inside for the graph."""
    try:
        yield
    except ProblemError as problem:
        for each in (problem, *problem.others):
            each.path, each.message = tuple(names.outward(each.path)), names.sentence(each.message)
        raise


def _each(value: Any, change: Any) -> Any:
    if isinstance(value, list):
        return [_each(each, change) for each in value]
    return None if value is None else change(value)
