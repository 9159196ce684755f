"""Everything in the schema says what it is, in more than its own name."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import get_args

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLNonNull, GraphQLObjectType
from strawberry.schema.schema_converter import GraphQLCoreConverter

from gateway.graph.edges import Edge, all_edges
from gateway.graph.schema import executable, types_by_name
from gateway.graph.shapes import VIEWS

BUDGET = {"events": 0, "learning": 0, "membership": 0, "notify": 0}
"""How many descriptions of each service's types may be missing. Lower a number when fewer are; never raise one."""


def described() -> Iterator[tuple[str, str, str | None]]:
    """Every field, argument, input field and enum value: its type, where it stands, and its description."""
    for type_ in executable().type_map.values():
        if type_.name.startswith("__"):
            continue
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in type_.fields.items():
                yield type_.name, f"{type_.name}.{name}", field.description
                for argument_name, argument in field.args.items():
                    yield type_.name, f"{type_.name}.{name}({argument_name})", argument.description
        elif isinstance(type_, GraphQLInputObjectType):
            for name, input_field in type_.fields.items():
                yield type_.name, f"{type_.name}.{name}", input_field.description
        elif isinstance(type_, GraphQLEnumType):
            for name, value in type_.values.items():
                yield type_.name, f"{type_.name}.{name}", value.description


def says_nothing(place: str, description: str | None) -> bool:
    """Whether a description is missing, or says only what the name says: `The event.` of `event`."""
    words = re.findall(r"[a-z]+", (description or "").lower())
    name = re.split(r"[.(]", place.rstrip(")"))[-1]
    own = (
        re.findall(r"[a-z]+", re.sub(r"([A-Z])", r" \1", name).lower())
        if not name.isupper()
        else [*name.lower().split("_")]
    )
    return set(words) <= {*own, "the", "a", "an", "its", "of", "this", "is", "it"}


def service_of(type_name: str) -> str:
    """The service whose feature declares a type, an input or an enum; `core` for what the graph itself declares."""
    definition = executable().type_map[type_name].extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    cls = getattr(definition, "origin", None) or getattr(definition, "wrapped_cls", None)
    found = re.search(r"\.(events|learning|membership|notify)\.", getattr(cls, "__module__", ""))
    return found[1] if found else "core"


def test_the_core_says_what_everything_is() -> None:
    missing = [
        place for type_name, place, text in described() if is_core(type_name, place) and says_nothing(place, text)
    ]
    assert missing == []


def is_core(type_name: str, place: str) -> bool:
    """What the graph itself declares: shared types, lists, payloads, queries, mutations, and shared arguments."""
    shared_arguments = (
        "(first)",
        "(after)",
        "(last)",
        "(before)",
        "(filter)",
        "(orderBy)",
        "(id)",
        "(slug)",
        "(input)",
    )
    if place.endswith(shared_arguments):
        return True
    core = ("PageInfo", "Node", "Place", "PlaceInput", "Problem", "Query", "Mutation", "Viewer", "Theme", "ActorKind")
    if service_of(type_name) == "core":
        return True
    return type_name in core or type_name.endswith(("Connection", "Edge", "Payload", "Filter"))


def test_what_a_service_still_owes_is_within_its_budget() -> None:
    owed = Counter(
        service_of(type_name)
        for type_name, place, text in described()
        if not is_core(type_name, place) and says_nothing(place, text)
    )
    for service, budget in BUDGET.items():
        assert owed[service] <= budget, service


def nullable() -> Iterator[tuple[str, str]]:
    """Every field of an answer that may be null, with its description; those of the roots with their type's too."""
    for type_ in executable().type_map.values():
        if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) or type_.name.startswith("__"):
            continue
        root = type_.description or "" if type_.name in {"Query", "Mutation"} else ""
        for name, field in type_.fields.items():
            if not isinstance(field.type, GraphQLNonNull):
                yield f"{type_.name}.{name}", f"{root} {field.description or ''}"


def test_a_field_that_may_be_null_says_what_null_means() -> None:
    silent = [place for place, description in nullable() if not re.search(r"\bnull\b", description, re.IGNORECASE)]
    assert silent == []


@pytest.mark.parametrize("edge", all_edges(), ids=lambda edge: f"{edge.type}.{edge.field}")
def test_a_relation_that_may_lead_nowhere_says_when_in_words_of_its_own(edge: Edge) -> None:
    view = VIEWS[types_by_name()[edge.type]]
    if view is not None and type(None) in get_args(view.model_fields[edge.key].annotation):
        assert re.search(r"\bnull\b", edge.about), edge.about


@pytest.mark.parametrize(
    ("place", "description", "nothing"),
    [
        ("Event.title", None, True),
        ("Event.title", "", True),
        ("Event.title", "The title.", True),
        ("Event.startsAt", "Starts at", True),
        ("Role.STEWARD", "A steward.", True),
        ("Query.hub(slug)", "The slug.", True),
        ("Event.title", "What it is called, in a line.", False),
        ("Role.STEWARD", "Looks after a hub.", False),
    ],
)
def test_a_description_that_repeats_the_name_says_nothing(place: str, description: str | None, nothing: bool) -> None:
    assert says_nothing(place, description) is nothing
