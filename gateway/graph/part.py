"""What one feature adds to the graph: `gateway/graph/<service>/<feature>.py` exports one `PART`."""

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

    `kinds`: its kinds of thing; `types`: its object types (a kind's type by the kind's name); `edges`: the relations
    that lead from or to its types, whichever of the two features came later; `queries` and `mutations`: fields of the
    root types; `markdown`: the texts of its types that are Markdown, each as the type's name and the field's;
    `filters`: those of the lists of a kind that no query lists.
    """

    kinds: Sequence[Kind] = ()
    types: Sequence[type[Any]] = ()
    edges: Sequence[Edge] = ()
    queries: Sequence[Listing | Lookup] = ()
    mutations: Sequence[Mutation] = ()
    markdown: Sequence[tuple[str, str]] = ()
    filters: Sequence[tuple[Kind, Filters]] = ()
