"""Fields made from declarations. strawberry puts them into the schema, and graphql-core calls their resolvers."""

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
    """A field whose resolver is `resolve(source, info, **arguments)`, with the arguments' names in the graph."""

    resolve: Resolve


def declare(
    name: str, type_: Any, resolve: Resolve, *, arguments: Sequence[StrawberryArgument] = (), description: str = ""
) -> Declared:
    """A declared field. `name`: its name in the graph. `type_`: its type, as in an annotation."""
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
    """An argument of a declared field. `default=` sets its default."""
    return StrawberryArgument(
        python_name=name,
        graphql_name=name,
        type_annotation=StrawberryAnnotation(type_),
        description=description or None,
        **more,
    )


def install(schema: GraphQLSchema) -> None:
    """Set the resolvers of declared fields, and remove the check of each object's type.

    Sources are plain JSON objects: only the field that leads to them knows their type.
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
