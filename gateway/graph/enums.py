"""The closed lists of the contracts as enums of the graph: SCREAMING_SNAKE names for the values services use.

Every enum that a contract, the consent policy or `shared.enums` defines is one. A member of a `Described` list has its
description there too.
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
    """Make an enum one of the graph: its docstring and its members' descriptions are what the graph says of it."""
    made = strawberry.enum(enum, description=" ".join((enum.__doc__ or "").split()))
    for value in made.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = getattr(enum[value.name], "description", None) or None
    return made


ENUMS: tuple[type[Enum], ...] = tuple(_enums_of((consent, enums, *FEATURES)))
for _enum in ENUMS:
    graph_enum(_enum)
