"""The closed lists of the contracts as enums of the graph, with SCREAMING_SNAKE names for the services' values.

Every enum of a contract, of the consent policy and of `shared.enums` becomes an enum of the graph. The members of a
`Described` list keep their descriptions.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from types import ModuleType
from typing import TypeVar

import strawberry

from shared import consent, enums
from shared.contracts import FEATURES

E = TypeVar("E", bound=Enum)


def _enums_of(modules: Iterable[ModuleType]) -> Iterator[type[Enum]]:
    for module in modules:
        for value in vars(module).values():
            if not isinstance(value, type) or not issubclass(value, Enum) or value.__module__ != module.__name__:
                continue
            if len(value) > 0:  # a base such as `Described` has no members
                yield value


def graph_enum(enum: type[E]) -> type[E]:
    """Make an enum one of the graph. Its docstring and its members' descriptions become the graph's descriptions."""
    made = strawberry.enum(enum, description=" ".join((enum.__doc__ or "").split()))
    for value in made.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = getattr(enum[value.name], "description", None) or None
    return made


ENUMS: tuple[type[Enum], ...] = tuple(_enums_of((consent, enums, *FEATURES)))
for _enum in ENUMS:
    graph_enum(_enum)
