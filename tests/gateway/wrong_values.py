"""Wrong values for every argument of the graph: whatever GraphQL itself lets through, by the argument's type."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    build_schema,
    get_named_type,
    get_nullable_type,
)

from gateway.schema_export import schema_text
from shared.ids import new_id

SCHEMA = build_schema(schema_text(), assume_valid=True)
CONTROL = "a\0b"
MANY = 200
NO_IDS = ["", "nonsense", "../hubs", CONTROL, "x" * 3000, 17]
_WRONG: dict[str, list[Any]] = {
    "ID": NO_IDS,
    "String": ["", "\u200b", CONTROL, "x" * 30_000, "javascript:alert(1)"],
    "URL": ["", CONTROL, "x" * 3000, "javascript:alert(1)", "example.org"],
    "EmailAddress": ["", CONTROL, "x" * 3000, "nobody", "kim@localhost"],
    "TimeZone": ["", CONTROL, "x" * 3000, "Mars/Olympus", "localtime"],
    "Int": [-1, 0, 2**31 - 1, -(2**31)],
    "Float": [-1e308, 1e308],
    "Boolean": [],
    "DateTime": ["0001-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "9999-12-31T23:59:59Z"],
    "Date": ["0001-01-01", "9999-12-31"],
}
_RIGHT = {"ID": "org_" + "0" * 26, "String": "abc", "Int": 1, "Float": 1.0, "DateTime": "2030-01-01T00:00:00Z"}
_RIGHT |= {"Date": "2020-01-01", "URL": "https://example.org", "EmailAddress": "kim@example.org", "TimeZone": "UTC"}
PAGE: dict[str, list[Any]] = {
    "first": [0, -1, 101, 2**31 - 1],
    "after": ["", "x", CONTROL, "x" * 3000, "WyIwMDAwMDAwMCIsWzFdXQ"],
    "last": [0, -1, 101, 2**31 - 1],
    "before": ["", "x", CONTROL, "x" * 3000, "WyIwMDAwMDAwMCIsWzFdXQ"],
}


def wrong_values(type_: Any) -> Iterator[Any]:
    """Values that are not what an argument of this type is for, each wrong in one place."""
    nullable = get_nullable_type(type_)
    if not isinstance(type_, GraphQLNonNull):
        yield None
    if isinstance(nullable, GraphQLList):
        yield [right_value(nullable.of_type)] * MANY
        yield from ([wrong] for wrong in wrong_values(nullable.of_type))
    elif isinstance(nullable, GraphQLInputObjectType):
        whole = right_value(nullable)
        for name, field in nullable.fields.items():
            yield from ({**whole, name: wrong} for wrong in wrong_values(field.type))
    elif isinstance(nullable, GraphQLScalarType):
        yield from _WRONG[nullable.name]
        if nullable.name == "ID":
            yield from (new_id("dlv"), new_id("hub"))


def right_value(type_: Any) -> Any:
    """A value of the right shape: of an input, just the fields that must be there."""
    nullable = get_nullable_type(type_)
    if isinstance(nullable, GraphQLInputObjectType):
        needed = {name: field for name, field in nullable.fields.items() if isinstance(field.type, GraphQLNonNull)}
        return {name: right_value(field.type) for name, field in needed.items()}
    if isinstance(nullable, GraphQLEnumType):
        return next(iter(nullable.values))
    return _RIGHT[nullable.name]


def is_written_in_the_schema(path: list[str], arguments: dict[str, Any]) -> bool:
    """Whether a path leads from one of these arguments through fields of inputs and places in lists."""
    known = arguments
    for part in path:
        if part.isdigit():
            continue
        if part not in known:
            return False
        inner = get_named_type(known[part].type)
        known = inner.fields if isinstance(inner, GraphQLInputObjectType) else {}
    return True
