"""The relations of the graph, declared: this field of that type leads to such things, by this key.

They are not written as resolvers, so that one loader, one cost model and one planner can read them. Where a thing is
kept follows from its type (`kinds.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache


@dataclass(frozen=True)
class Edge:
    """`type.field` leads to `target`.

    `key` is the field of the source that holds the id (`many`: a list of ids). With `by`, it leads to a page instead:
    those of the target's list whose `by` is the key; `below` asks for the hubs below too; `path` is another address
    than the list's own, with the key in it. `usual`: the order when none is asked for, where that is not the first of
    the target's orders. `about` describes the field.
    """

    type: str
    field: str
    target: str
    key: str = "id"
    many: bool = False
    by: str | None = None
    below: bool = False
    path: str | None = None
    usual: Enum | None = None
    about: str = ""

    @property
    def is_page(self) -> bool:
        """Whether it leads to a connection."""
        return self.by is not None or self.path is not None


@cache
def all_edges() -> tuple[Edge, ...]:
    """Every edge of every part."""
    from gateway.graph.parts import PARTS  # the features' parts import this module

    return tuple(edge for part in PARTS for edge in part.edges)


@cache
def edges_to_things() -> Mapping[tuple[str, str], Edge]:
    """The edges that lead to one thing or to some by their ids, by type and field."""
    return {(edge.type, edge.field): edge for edge in all_edges() if not edge.is_page}
