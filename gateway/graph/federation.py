"""Makes the graph a subgraph of Apollo Federation 2: `_service` shows its schema, `_entities` reads things by id.

Every object type that is a `Node` is an entity, and its key is its id. `subgraph.py` adds the directives to the schema
of the subgraph, and leaves some fields out.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Union

import strawberry
from graphql import GraphQLSchema, GraphQLUnionType
from strawberry import scalar
from strawberry.types.scalar import ScalarDefinition

from gateway.graph.declared import Declared, Info, argument, declare
from gateway.graph.kinds import kinds_by_type
from gateway.graph.shapes import Node
from shared.errors import Invalid
from shared.ids import expect

SUBGRAPH = Path(__file__).parents[1] / "subgraph.graphql"
MOST_REPRESENTATIONS = 100
_UNION = "_Entity"


class TooManyRepresentations(Invalid):
    """More entities than are read at once."""

    code = "too_many_representations"
    message = f"Ask for at most {MOST_REPRESENTATIONS} entities at once."


class UnknownEntity(Invalid):
    """A representation's `__typename` is not the name of an entity."""

    code = "unknown_entity"
    message = "Give the name of an entity of this subgraph as `__typename`."


class EntityWithoutId(Invalid):
    """A representation lacks the key of its type."""

    code = "entity_without_id"
    message = "Give the `id` of the entity, as text."


@strawberry.type(name="_Service", description="This graph as a part of a federated one.")
class FederationService:
    """The schema, for a program that composes subgraphs."""

    sdl: str = strawberry.field(description="The schema of this subgraph, with the directives of federation.")


class Representation:
    """An entity by its type and key."""


REPRESENTATION: ScalarDefinition = scalar(
    name="_Any",
    description='An entity by its type and key: `{__typename: "Event", id: "evt_…"}`. Further fields are ignored.',
    serialize=lambda value: value,
    parse_value=lambda value: value,
)


def entity_types(types: Mapping[str, type[Any]]) -> list[type[Any]]:
    """The classes of the entities: the kinds of thing that are nodes."""
    return [types[name] for name in kinds_by_type() if issubclass(types[name], Node)]


def federation_queries(types: Mapping[str, type[Any]]) -> tuple[Declared, Declared]:
    """The two fields of `Query` that federation needs. `types`: the classes of the features' object types by name."""
    entities = entity_types(types)
    names = frozenset(each.__name__ for each in entities)
    union: Any = Annotated[Union[tuple(entities)], strawberry.union(_UNION, description="Any entity of this subgraph.")]  # noqa: UP007 the members are known at run time only

    def resolve(source: Any, info: Info, representations: Sequence[Any]) -> list[Any]:
        if len(representations) > MOST_REPRESENTATIONS:
            raise TooManyRepresentations(path=("representations",))
        return [_entity(info, names, given, position) for position, given in enumerate(representations)]

    return (
        declare(
            "_service",
            FederationService,
            lambda source, info: {"sdl": SUBGRAPH.read_text()},
            description="For composing this graph with others: its schema as a subgraph.",
        ),
        declare(
            "_entities",
            list[union | None],
            resolve,
            arguments=(argument("representations", list[Representation], "Entities, each by its type and its id."),),
            description="For a federating gateway: the things with these types and ids, at most "
            f"{MOST_REPRESENTATIONS}, in their order; null where there is none for the caller to see.",
        ),
    )


def resolve_entities(schema: GraphQLSchema) -> None:
    """Make the type of an entity follow from its id."""
    union = schema.type_map[_UNION]
    assert isinstance(union, GraphQLUnionType)
    union.resolve_type = lambda value, info, abstract: Node.resolve_type(value, info, abstract)


def _entity(info: Info, names: frozenset[str], given: Any, position: int) -> Any:
    """The thing of a representation, or its problem as a value, so that the other things are still answered."""
    try:
        return info.context.loader.one(*_key(names, given, ("representations", position)))
    except Invalid as problem:
        return problem


def _key(names: frozenset[str], given: Any, path: tuple[str | int, ...]) -> tuple[Any, str]:
    """The kind and the id in a representation. Raises `Invalid`."""
    if not isinstance(given, Mapping):
        raise UnknownEntity(path=path)
    name, identifier = given.get("__typename"), given.get("id")
    if not isinstance(name, str) or name not in names:
        raise UnknownEntity(path=(*path, "__typename"))
    if not isinstance(identifier, str):
        raise EntityWithoutId(path=(*path, "id"))
    kind = kinds_by_type()[name]
    return kind, expect(identifier, kind.prefix or "", (*path, "id"))
