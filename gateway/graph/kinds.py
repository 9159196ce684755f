"""The kinds of thing with a type in the graph: told by the prefix of their ids, and where their service keeps them.

Each feature declares its own (`Part.kinds`); what is looked up here is derived from `parts.PARTS`.
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

    `GET /<collection>` lists them. When their view has an id, `POST /<collection>/by-ids` reads many at once, and the
    prefix of that id tells the kind. `is_long`: their texts are long, so that only some are read at once.
    """

    type: str
    view: builtins.type[BaseModel]
    service: str
    collection: str
    is_long: bool = False

    @property
    def prefix(self) -> str | None:
        """The prefix of their ids; `None` when they have none."""
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
    """The kinds that have ids, by the prefix of these."""
    return {kind.prefix: kind for kind in kinds_by_type().values() if kind.prefix is not None}


def kind_of(identifier: str) -> Kind | None:
    """The kind an id is of; None for anything that is not an id of ours."""
    return kinds_by_prefix().get(prefix_of(identifier) or "")
