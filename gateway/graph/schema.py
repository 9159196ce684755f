"""Composes the graph: the types of the four services, their declared relations, queries and mutations."""

from datetime import date, datetime
from functools import cache
from types import ModuleType
from typing import Any

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import create_type
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

import gateway.graph.words  # noqa: F401 makes the lists of words enums before a type uses them
from gateway.graph import nodes
from gateway.graph.declared import Declared, install
from gateway.graph.edges import EDGES
from gateway.graph.events import mutations as event_mutations
from gateway.graph.events import queries as event_queries
from gateway.graph.events import types as event_types
from gateway.graph.learning import mutations as learning_mutations
from gateway.graph.learning import queries as learning_queries
from gateway.graph.learning import types as learning_types
from gateway.graph.listing import declare_query
from gateway.graph.membership import access as access_mutations
from gateway.graph.membership import mutations as membership_mutations
from gateway.graph.membership import queries as membership_queries
from gateway.graph.membership import types as membership_types
from gateway.graph.mutation import declare_mutation
from gateway.graph.notify import mutations as notify_mutations
from gateway.graph.notify import queries as notify_queries
from gateway.graph.notify import types as notify_types
from gateway.graph.relations import fields_of
from gateway.graph.scalars import DATE, DATE_TIME
from gateway.graph.shapes import Node, read
from gateway.graph.viewer import VIEWER

_TYPES: tuple[ModuleType, ...] = (membership_types, event_types, learning_types, notify_types)
QUERIES = (
    *membership_queries.QUERIES,
    *event_queries.QUERIES,
    *learning_queries.QUERIES,
    *notify_queries.QUERIES,
)
MUTATIONS = (
    *membership_mutations.MUTATIONS,
    *access_mutations.MUTATIONS,
    *event_mutations.MUTATIONS,
    *learning_mutations.MUTATIONS,
    *notify_mutations.MUTATIONS,
)


class Graph(strawberry.Schema):
    """The schema, with the declared relations among each type's fields."""

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """The fields a type's class names, then the relations that lead from it."""
        return [*type_definition.fields, *_relations().get(type_definition.name, ())]


def types_by_name() -> dict[str, type[Any]]:
    """The classes of the services' object types."""
    return {
        name: thing
        for module in _TYPES
        for name, thing in vars(module).items()
        if isinstance(getattr(thing, "__strawberry_definition__", None), StrawberryObjectDefinition)
        and thing is not Node
    }


@cache
def graph() -> Graph:
    """The schema, made once."""
    types = types_by_name()
    made = Graph(
        query=create_type(
            "Query",
            [VIEWER, *nodes.QUERIES, *(declare_query(each, types) for each in QUERIES)],
            description="What can be read. A field is null when its service is away, and `errors` says so.",
        ),
        mutation=create_type(
            "Mutation",
            [declare_mutation(each) for each in MUTATIONS],
            description="What can be changed. What you can mend comes back in the payload's `problems`.",
        ),
        types=types.values(),
        config=StrawberryConfig(default_resolver=read, scalar_map={datetime: DATE_TIME, date: DATE}),
    )
    install(made._schema)
    return made


def executable() -> GraphQLSchema:
    """The schema as graphql-core executes it."""
    return graph()._schema


@cache
def _relations() -> dict[str, list[Declared]]:
    return fields_of(EDGES, types_by_name())
