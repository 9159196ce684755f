"""Readers for leaf fields whose values are only passed on. They are made once for the schema."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from gateway.graph.declared import Declared
from gateway.graph.scalars import SCALARS


class Unusual:
    """A reader returns this for a value that does not fit the schema. graphql-core then handles the field."""


UNUSUAL = Unusual()
Read = Callable[[dict[str, Any]], Any]
Leaves = Mapping[str, Mapping[str, Read]]
_LARGEST_INT = 2**31  # GraphQL specification, section 3.5.1
_SAME = {"String": str, "ID": str, "Boolean": bool, "Float": float}


def leaves_of(schema: GraphQLSchema) -> Leaves:
    """The readers of plain leaf fields, by type and field."""
    found: dict[str, dict[str, Read]] = {}
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            readers = {name: _reader(field) for name, field in type_.fields.items()}
            found[type_.name] = {name: read for name, read in readers.items() if read is not None}
    return found


def _reader(field: GraphQLField) -> Read | None:
    made_from = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if field.args or not isinstance(made_from, StrawberryField) or isinstance(made_from, Declared):
        return None
    convert = _converter(_inner(field.type))
    if convert is None:
        return None
    key, may_be_null = made_from.python_name, not isinstance(field.type, GraphQLNonNull)

    def read(source: dict[str, Any]) -> Any:
        value = source.get(key)
        if value is None:
            return None if may_be_null else UNUSUAL
        return convert(value)

    return read


def _converter(type_: Any) -> Callable[[Any], Any] | None:
    """The function that turns a value into its form in the answer; None for types that are not leaves."""
    if isinstance(type_, GraphQLEnumType):
        names = {value.value: name for name, value in type_.values.items()}
        return lambda value: names.get(value, UNUSUAL) if type(value) is str else UNUSUAL
    if isinstance(type_, GraphQLScalarType):
        if type_.name == "JSON":
            return lambda value: value
        if type_.name == "Int":
            return lambda value: value if type(value) is int and -_LARGEST_INT <= value < _LARGEST_INT else UNUSUAL
        is_ours = type_.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF) in SCALARS.values()
        same = str if is_ours else _SAME.get(type_.name)
        return None if same is None else lambda value: value if type(value) is same else UNUSUAL
    if isinstance(type_, GraphQLList) and isinstance(type_.of_type, GraphQLNonNull):
        each = _converter(type_.of_type.of_type)
        return None if each is None else lambda value: _all(value, each)
    return None


def _all(values: Any, convert: Callable[[Any], Any]) -> Any:
    if type(values) is not list:
        return UNUSUAL
    converted = [convert(value) for value in values]
    return UNUSUAL if UNUSUAL in converted else converted


def _inner(type_: Any) -> Any:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_
