"""What many types share: things with an id, pages of them, places, and problems.

The graph passes the services' answers on, so a source is always a JSON object of a service (`dict`). The classes here
and in the services' folders declare which of its fields are shown. They are never instantiated.
"""

import inspect
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import strawberry
from graphql import GraphQLAbstractType
from pydantic import BaseModel

import gateway.graph.enums  # noqa: F401 makes the contracts' enums the graph's before a type uses them
from gateway.graph.formats import use_formats
from gateway.graph.kinds import kind_of
from shared import values
from shared.paging import DEFAULT_FIRST, MAX_FIRST, MOST_COUNTED

C = TypeVar("C", bound=type[Any])
N = TypeVar("N")

VIEWS: dict[type[Any], type[BaseModel] | None] = {}
"""The view that each type of the graph shows; None for types that no service answers."""


def graph_type(view: type[BaseModel] | None = None) -> Callable[[C], C]:
    """Make a class a type of the graph, with its docstring as the description.

    `view`: the model of the service's answer. Each field of the type is a field of the view with the same name.
    """

    def decorate(cls: C) -> C:
        made = strawberry.type(cls, description=inspect.getdoc(cls))
        VIEWS[made] = view
        if view is not None:
            use_formats(made, view)
        return made

    return decorate


def graph_input(cls: C) -> C:
    """Make a class an input of the graph, with its docstring as the description. Optional fields may be left out."""
    return strawberry.input(cls, description=inspect.getdoc(cls))


def update_like(created: type[Any]) -> Callable[[C], C]:
    """As `graph_input`, for an update: a field written without `about` is described as in the input that creates.

    What null does is added to each description (`changes.py`).
    """

    def decorate(cls: C) -> C:
        made = graph_input(cls)
        known = {field.python_name: field.description for field in created.__dict__["__strawberry_definition__"].fields}
        for field in made.__dict__["__strawberry_definition__"].fields:
            field.description = field.description or known[field.python_name]
        return made

    return decorate


def about(description: str, *, name: str | None = None) -> Any:
    """A field with a description. `name`: its name in the graph, if that differs from the service's."""
    return strawberry.field(description=description, name=name)


def read(source: dict[str, Any], name: str) -> Any:
    """The value of a field without a resolver (`StrawberryConfig.default_resolver`)."""
    return source.get(name)


@strawberry.interface(description="A thing with an id of its own.")
class Node:
    """A thing with an id; the id's prefix tells its type."""

    id: strawberry.ID = about("No other thing ever has the same id. Its first letters tell the type.")

    @classmethod
    def resolve_type(cls, value: dict[str, Any], info: Any, abstract: GraphQLAbstractType) -> str | None:
        """The name of the type of a source."""
        kind = kind_of(value["id"])
        return kind.type if kind is not None else None


@graph_type()
class PageInfo:
    """The position of a page in its list (Relay, Cursor Connections Specification)."""

    has_next_page: bool = about("Whether the list has more things after this page.")
    has_previous_page: bool = about("Whether the list has more things before this page.")
    start_cursor: str | None = about("The cursor of the first thing; null when the page is empty.")
    end_cursor: str | None = about("The cursor of the last thing; null when the page is empty.")


@strawberry.type(name="Edge", description="One position in a list.")
class ConnectionEdge(Generic[N]):
    """A thing and the cursor of its position."""

    cursor: str = about("The position of this edge, for `after` and `before`.")
    node: N = about("The thing at this position.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[N]):
    """A page of things."""

    edges: list[ConnectionEdge[N]] = about("The things of this page, in the order of the list.")
    page_info: PageInfo = about("The position of this page in the list.")
    total_count: int | None = about(
        f"How many things the whole list has; null when more than {MOST_COUNTED:,}. Counted only when selected."
    )


FIRST = (
    f"The most things of a page, from 1 to {MAX_FIRST}; {DEFAULT_FIRST} when neither `first` nor `last` is given. "
    "A page of very long texts has fewer."
)
AFTER = "Only things after this cursor: an edge's `cursor`, or `pageInfo.endCursor`."
LAST = f"The most things of a page at the end of the list, from 1 to {MAX_FIRST}. Instead of `first`."
BEFORE = "Only things before this cursor: an edge's `cursor`, or `pageInfo.startCursor`."
ID = "An id, as `id` fields show it."
VERSION = (
    "The version you saw: nothing is changed when there is a newer one. Without it, or with null, nothing is compared."
)


def page_of(node: Any) -> Any:
    """The type of a field for a page of these. It is null when the service is away or the list is not there."""
    generic: Any = Connection
    return generic[node] | None


@graph_type(values.Place)
class Place:
    """Where something is: a name, and a point in WGS 84 degrees when it is known."""

    name: str = about("What people call it, such as a town, or a building and its street.")
    latitude: float | None = about("Degrees north of the equator, from -90 to 90; null when the point is not known.")
    longitude: float | None = about("Degrees east of Greenwich, from -180 to 180; null when the point is not known.")


@graph_input
class PlaceInput:
    """Where something is: a name, and a point in WGS 84 degrees when it is known. It replaces the place as a whole."""

    name: str = about("What people call it, such as a town, or a building and its street.")
    latitude: float | None = about("Degrees north of the equator, from -90 to 90; give `longitude` too.")
    longitude: float | None = about("Degrees east of Greenwich, from -180 to 180; give `latitude` too.")


@graph_type()
class Problem:
    """Why something was not done, and what the caller can correct."""

    code: str = about("For programs: it does not change between versions.")
    message: str = about("A sentence a person can act on.")
    path: list[str] = about('Where the fault is, such as `["input", "startsAt"]`; empty when no field is at fault.')
