"""Composes the schema from the types, relations, queries and mutations that the parts declare."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import create_type
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from gateway.graph import nodes
from gateway.graph.declared import Declared, install
from gateway.graph.edges import all_edges
from gateway.graph.federation import REPRESENTATION, Representation, federation_queries, resolve_entities
from gateway.graph.html import html_fields
from gateway.graph.listing import declare_query
from gateway.graph.mutation import declare_mutation
from gateway.graph.parts import PARTS
from gateway.graph.relations import fields_of
from gateway.graph.scalars import SCALARS
from gateway.graph.shapes import read
from gateway.graph.viewer import VIEWER

QUERIES = tuple(query for part in PARTS for query in part.queries)
MUTATIONS = tuple(mutation for part in PARTS for mutation in part.mutations)


class Graph(strawberry.Schema):
    """The schema. It adds the declared fields to each type."""

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """The fields of the type's class, then its texts as HTML, then its relations."""
        name = type_definition.name
        return [*type_definition.fields, *_html().get(name, ()), *_relations().get(name, ())]


def types_by_name() -> dict[str, type[Any]]:
    """The classes of the features' object types."""
    return {type_.__name__: type_ for part in PARTS for type_ in part.types}


@cache
def graph() -> Graph:
    """The schema for people, without the fields that only federating gateways use."""
    return _made(())


@cache
def executable() -> GraphQLSchema:
    """The schema that graphql-core executes, with the fields for federating gateways."""
    schema = _made(federation_queries(types_by_name()))._schema
    resolve_entities(schema)
    install(schema)
    return schema


def _made(more_queries: Sequence[Declared]) -> Graph:
    types = types_by_name()
    return Graph(
        query=create_type(
            "Query",
            [VIEWER, *nodes.QUERIES, *(declare_query(each, types) for each in QUERIES), *more_queries],
            description="What can be read. A field is null when its service cannot be reached, and `errors` says so.",
        ),
        mutation=create_type(
            "Mutation",
            [declare_mutation(each) for each in MUTATIONS],
            description="What can be changed. What you can correct comes back in the payload's `problems`. A field is "
            "null when the request could not be served at all, and `errors` says why.",
        ),
        types=types.values(),
        config=StrawberryConfig(default_resolver=read, scalar_map={**SCALARS, Representation: REPRESENTATION}),
    )


@cache
def _html() -> dict[str, list[Declared]]:
    return html_fields((text for part in PARTS for text in part.markdown), types_by_name())


@cache
def _relations() -> dict[str, list[Declared]]:
    return fields_of(all_edges(), types_by_name())
