"""Everything in the schema says what it is, in more than its own name."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import get_args

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.utils.str_converters import to_camel_case

from gateway.graph.bounds import names
from gateway.graph.edges import Edge, all_edges
from gateway.graph.parts import PARTS
from gateway.graph.schema import MUTATIONS, executable, types_by_name
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


def inputs() -> Iterator[tuple[str, str, GraphQLInputField]]:
    """Every field of an input of a mutation, and of the inputs in it: its input, its name, and itself."""
    for type_ in executable().type_map.values():
        if isinstance(type_, GraphQLInputObjectType) and type_.name.endswith("Input"):
            for name, field in type_.fields.items():
                yield type_.name, name, field


def test_an_input_says_how_long_a_text_or_a_list_may_be() -> None:
    texts = {"String", "URL", "EmailAddress", "TimeZone"}
    silent = [
        f"{type_name}.{name}"
        for type_name, name, field in inputs()
        if get_named_type(field.type).name in texts and not re.search(r"at most [\d,]+", field.description or "", re.I)
    ]
    assert silent == []


def limit(of: str) -> str:
    """The description of an input's field, given as `CreateGroupInput.slug`."""
    return next(field.description or "" for type_name, name, field in inputs() if f"{type_name}.{name}" == of)


@pytest.mark.parametrize(
    ("of", "told"),
    [
        ("CreateGroupInput.slug", "At most 64 characters."),
        ("CreateGroupInput.practice", "At most 4,000 characters."),
        ("UpdateGroupInput.practice", "At most 4,000 characters. Null is refused."),
        ("UpdatePersonInput.offers", "At most 20 items. Each has at most 200 characters. Null is refused."),
        ("UpdatePersonInput.contacts", "At most 20 items. Null is refused."),
        ("ContactInput.value", "At most 200 characters."),
        ("PlaceInput.name", "At most 200 characters."),
        ("RotateApiKeyInput.overlapSeconds", "up to 604,800 (a week)"),
        ("CreateEventInput.capacity", "from 1 to 100,000"),
    ],
)
def test_a_limit_of_the_request_is_told_with_the_input(of: str, told: str) -> None:
    assert told in limit(of)


def test_a_limit_that_the_description_names_is_not_told_twice() -> None:
    for type_name, name, field in inputs():
        numbers = re.findall(r"at most ([\d,]+\d)", field.description or "", re.I)
        assert len(numbers) == len(set(numbers)), f"{type_name}.{name}"
    assert not names("At most 2,000 characters.", 2)
    assert not names("At most 2,000 characters.", 200)
    assert names("At most 2,000 characters.", 2000)


def test_a_text_that_is_markdown_is_told_to_be_when_it_is_read_and_when_it_is_written() -> None:
    texts = [(type_, to_camel_case(key)) for part in PARTS for type_, key in part.markdown]
    schema = executable()
    silent: list[str] = []
    for type_name, name in texts:
        type_ = schema.type_map[type_name]
        assert isinstance(type_, GraphQLObjectType)
        if "Markdown" not in (type_.fields[name].description or ""):
            silent.append(f"{type_name}.{name}")
    takes = {each.input.__name__: type_ for each in MUTATIONS if each.input for type_ in each.gives.values()}
    for type_name, name, field in inputs():
        of = getattr(takes.get(type_name), "__name__", type_name.removesuffix("Input"))
        if (of, name) in texts and "Markdown" not in (field.description or ""):
            silent.append(f"{type_name}.{name}")
    assert silent == []


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
