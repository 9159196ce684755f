"""Fields made from a declaration: strawberry shows them in the schema, graphql-core calls their resolver directly."""

from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema
from strawberry.annotation import StrawberryAnnotation
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from gateway.context import Context

Info = GraphQLResolveInfo[Context]
Resolve = Callable[..., Any]


class Declared(StrawberryField):
    """A field with `resolve(source, info, **arguments)`; arguments come with their names in the graph."""

    resolve: Resolve


def declare(
    name: str, type_: Any, resolve: Resolve, *, arguments: Sequence[StrawberryArgument] = (), description: str = ""
) -> Declared:
    """A declared field; `name` is its name in the graph, `type_` what a type annotation would say."""
    field = Declared(
        python_name=name,
        graphql_name=name,
        type_annotation=StrawberryAnnotation(type_),
        description=description or None,
    )
    field.arguments = list(arguments)
    field.resolve = resolve
    return field


def argument(name: str, type_: Any, description: str = "", **more: Any) -> StrawberryArgument:
    """An argument of a declared field; `default=` gives it a default."""
    return StrawberryArgument(
        python_name=name,
        graphql_name=name,
        type_annotation=StrawberryAnnotation(type_),
        description=description or None,
        **more,
    )


def install(schema: GraphQLSchema) -> None:
    """Give graphql-core the resolvers of declared fields, and spare it asking each object for its type.

    Sources are plain objects of JSON, so only the field that leads to them knows their type.
    """
    for type_ in schema.type_map.values():
        if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            continue
        if isinstance(type_, GraphQLObjectType):
            type_.is_type_of = None
        for field in type_.fields.values():
            made_from = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
            if isinstance(made_from, Declared):
                field.resolve = made_from.resolve
