"""Declared relations: a field of a type leads to things of another type, by a key.

They are data and not resolvers, so that the loader and the prefetching can read them. Which service keeps a thing
follows from its type (`kinds.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache


@dataclass(frozen=True)
class Edge:
    """`type.field` leads to `target`.

    `key`: the field of the source that holds the id (`many`: a list of ids). With `by` it leads to a page of the
    target's list, filtered by `by` = the key. `below`: include the hubs below. `path`: the address of the page, with
    the key in it, if it is not the list's own. `usual`: the order when none is asked for, if it is not the first of
    the target's orders. `about`: the description of the field.
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
