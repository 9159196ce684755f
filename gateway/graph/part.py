"""The part of the graph that a feature declares: `gateway/graph/<service>/<feature>.py` exports one `PART`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.graph.edges import Edge
from gateway.graph.filters import Filters
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.mutation import Mutation


@dataclass(frozen=True)
class Part:
    """A feature's part of the graph.

    `kinds`: its kinds of thing. `types`: its object types; the type of a kind has the kind's name. `edges`: relations
    from or to its types; of two features, the later one declares them. `queries` and `mutations`: fields of the root
    types. `markdown`: the texts of its types that are Markdown, as pairs of the type's name and the field's.
    `filters`: the filters of the lists of a kind that no query lists.
    """

    kinds: Sequence[Kind] = ()
    types: Sequence[type[Any]] = ()
    edges: Sequence[Edge] = ()
    queries: Sequence[Listing | Lookup] = ()
    mutations: Sequence[Mutation] = ()
    markdown: Sequence[tuple[str, str]] = ()
    filters: Sequence[tuple[Kind, Filters]] = ()
