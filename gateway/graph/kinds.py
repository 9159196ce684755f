"""The kinds of thing with a type in the graph: the prefix of their ids, and where their service keeps them.

Each feature declares its own kinds (`Part.kinds`). The look-up tables here are derived from `parts.PARTS`.
"""

import builtins
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel

from shared.ids import IdType, prefix_of


@dataclass(frozen=True)
class Kind:
    """A type of the graph, the contract's view of it, and where its service keeps it.

    `GET /<collection>` lists such things. If their view has an id, `POST /<collection>/by-ids` reads many at once, and
    the prefix of the id names the kind. `is_long`: their texts are long, so fewer are read at once.
    """

    type: str
    view: builtins.type[BaseModel]
    service: str
    collection: str
    is_long: bool = False

    @property
    def prefix(self) -> str | None:
        """The prefix of their ids; None if they have no ids."""
        field = self.view.model_fields.get("id")
        known = [each.prefix for each in field.metadata if isinstance(each, IdType)] if field is not None else []
        return known[0] if known else None


@cache
def kinds_by_type() -> Mapping[str, Kind]:
    """All kinds, by the name of their type."""
    from gateway.graph.parts import PARTS  # the features' parts import this module

    return {kind.type: kind for part in PARTS for kind in part.kinds}


@cache
def kinds_by_prefix() -> Mapping[str, Kind]:
    """The kinds that have ids, by the prefix of their ids."""
    return {kind.prefix: kind for kind in kinds_by_type().values() if kind.prefix is not None}


def kind_of(identifier: str) -> Kind | None:
    """The kind of thing that an id names; None if it is not an id of ours."""
    return kinds_by_prefix().get(prefix_of(identifier) or "")
