"""The closed lists of the contracts as enums of the graph: SCREAMING_SNAKE names for the values services use.

Every enum that a contract, the consent policy or `shared.enums` defines is one.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from types import ModuleType

import strawberry

from shared import consent, enums
from shared.contracts import FEATURES


def _enums_of(modules: Iterable[ModuleType]) -> Iterator[type[Enum]]:
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Enum) and value.__module__ == module.__name__:
                yield value


ENUMS: tuple[type[Enum], ...] = tuple(_enums_of((consent, enums, *FEATURES)))
for _enum in ENUMS:
    strawberry.enum(_enum, description=" ".join((_enum.__doc__ or "").split()))
