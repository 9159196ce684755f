"""The graph as it is declared: current on disk, and in step with what services promise and take."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

import pytest
from graphql import GraphQLInputObjectType, GraphQLNonNull, GraphQLObjectType, get_named_type
from pydantic import BaseModel, ValidationError
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.utils.str_converters import to_camel_case

from gateway import schema_export
from gateway.graph.edges import Edge, all_edges
from gateway.graph.formats import format_of, model_in
from gateway.graph.kinds import Kind, kinds_by_type
from gateway.graph.mutation import Mutation
from gateway.graph.schema import MUTATIONS, executable, types_by_name
from gateway.graph.shapes import VIEWS
from shared.values import Changes

EDGES = all_edges()
VIEWER_KEYS = {"person_id", "hubs", "groups"}


def declared_fields(cls: Any) -> dict[str, Any]:
    """The fields of a class of the graph: python name and strawberry's field."""
    return {field.python_name: field for field in cls.__strawberry_definition__.fields}


def test_the_committed_schema_is_current() -> None:
    assert schema_export.FILE.read_text() == schema_export.schema_text()
    assert schema_export.main(["--check"]) == 0


@pytest.mark.parametrize("type_", VIEWS, ids=lambda type_: type_.__name__)
def test_a_types_fields_are_those_of_its_view(type_: type[Any]) -> None:
    view = VIEWS[type_]
    if view is None:
        return
    name = type_.__name__
    keys = {edge.key for edge in EDGES if edge.type == name}
    shown = set(declared_fields(type_))
    assert shown <= set(view.model_fields)
    # What is not shown as it is leads somewhere, by one of its keys.
    assert set(view.model_fields) - shown <= keys


def test_every_type_that_a_service_answers_has_its_view() -> None:
    without = {type_.__name__ for type_, view in VIEWS.items() if view is None}
    assert without == {"Viewer", "PageInfo", "Problem"}


@pytest.mark.parametrize("kind", kinds_by_type().values(), ids=lambda kind: kind.type)
def test_a_kind_has_the_view_of_its_type(kind: Kind) -> None:
    assert VIEWS[types_by_name()[kind.type]] is kind.view


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: f"{edge.type}.{edge.field}")
def test_an_edge_leads_from_a_key_that_is_there_to_a_kind_there_is(edge: Edge) -> None:
    view = VIEWS[types_by_name()[edge.type]]
    fields = VIEWER_KEYS if view is None else set(view.model_fields)
    assert edge.key in fields
    assert edge.target in kinds_by_type()
    type_ = executable().get_type(edge.type)
    assert isinstance(type_, GraphQLObjectType)
    assert not str(type_.fields[edge.field].type).endswith("!")


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_mutations_input_says_all_that_its_service_takes_and_nothing_else(mutation: Mutation) -> None:
    in_path = set(mutation.path_fields)
    given = set(declared_fields(mutation.input)) if mutation.input is not None else set()
    taken = set(mutation.request.model_fields) if mutation.request is not None else set()
    assert in_path <= given | set(mutation.absent)
    assert given - in_path == (taken if mutation.input is not None else set())


def shown_and_told() -> Iterator[tuple[str, Any, Any]]:
    """Each field of the graph that a contract has too: where it is, its type there, the model's field."""
    found = [(type_, view) for type_, view in VIEWS.items() if view is not None]
    found += [(each.input, each.request) for each in MUTATIONS if each.input is not None and each.request is not None]
    for cls, model in found:
        graph_type: Any = executable().type_map[cls.__strawberry_definition__.name]
        for name, field in declared_fields(cls).items():
            told = model.model_fields.get(name)
            if told is None:
                continue
            shown = graph_type.fields[field.graphql_name or to_camel_case(name)].type
            yield f"{graph_type.name}.{name}", shown, told
            within = model_in(told.annotation)
            if isinstance(get_named_type(shown), GraphQLInputObjectType) and within is not None:
                leaf = get_named_type(shown).extensions[GraphQLCoreConverter.DEFINITION_BACKREF].origin
                if (leaf, within) not in found:
                    found.append((leaf, within))


def closed_list_in(annotation: Any) -> type[Enum] | None:
    """The enum that a model's field holds, also when it may be null or is a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return annotation
    return next((found for each in get_args(annotation) if (found := closed_list_in(each)) is not None), None)


def test_a_closed_list_and_a_format_of_the_contract_are_an_enum_and_a_scalar_of_the_graph() -> None:
    wrong: list[str] = []
    for place, shown, told in shown_and_told():
        closed, format_ = closed_list_in(told.annotation), format_of(told)
        expected = closed.__name__ if closed is not None else format_.name if format_ is not None else None
        if (expected or get_named_type(shown).name) != get_named_type(shown).name:
            wrong.append(f"{place} is a {get_named_type(shown).name}, not a {expected}")
    assert wrong == []


def test_a_field_is_null_in_the_graph_just_where_the_view_lets_it() -> None:
    views = {type_.__strawberry_definition__.name for type_, view in VIEWS.items() if view is not None}
    for place, shown, told in shown_and_told():
        if place.partition(".")[0] in views:
            assert isinstance(shown, GraphQLNonNull) is not (type(None) in get_args(told.annotation)), place


def test_whatever_crosses_to_a_service_may_be_null() -> None:
    schema = executable()
    for root in (schema.query_type, schema.mutation_type):
        assert root is not None
        whole = [name for name, field in root.fields.items() if str(field.type).endswith("!")]
        assert whole in ([], ["viewer", "_service", "_entities"])  # federation asks for the latter two so


def test_names_are_those_of_the_product() -> None:
    schema = executable()
    names = set(schema.type_map) | {
        field
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType | GraphQLInputObjectType) and not type_.name.startswith("__")
        for field in type_.fields
    }
    assert not [name for name in names if "user" in name.lower() or "rank" in name.lower() or "_id" in name]


UPDATES = [each for each in MUTATIONS if each.request is not None and issubclass(each.request, Changes)]


def test_every_type_that_can_be_changed_has_its_update_among_these() -> None:
    patched = {mutation.name for mutation in MUTATIONS if mutation.method == "PATCH"}
    assert {mutation.name for mutation in UPDATES} == patched
    assert len(patched) >= 8


@pytest.mark.parametrize("mutation", UPDATES, ids=lambda mutation: mutation.name)
def test_an_update_takes_the_version_that_its_type_shows(mutation: Mutation) -> None:
    assert "version" in declared_fields(mutation.input)
    for type_ in mutation.gives.values():
        assert "version" in declared_fields(type_)


@pytest.mark.parametrize("mutation", UPDATES, ids=lambda mutation: mutation.name)
def test_an_update_says_what_null_does_to_each_field_and_what_leaving_out_does(mutation: Mutation) -> None:
    assert mutation.input is not None
    assert mutation.request is not None
    input_type: Any = executable().type_map[mutation.input.__name__]
    assert "left out stay as they are" in input_type.description
    for name, field in declared_fields(mutation.input).items():
        if name in mutation.path_fields:
            continue
        description = input_type.fields[field.graphql_name or to_camel_case(name)].description.lower()
        assert "null" in description, name
        assert ("null is refused" in description) is refuses_null(mutation.request, name), name


def refuses_null(model: type[BaseModel], name: str) -> bool:
    """Whether a request that sends null for this field is refused because of it."""
    try:
        model.model_validate({name: None})
    except ValidationError as refused:
        return any(error["loc"][0] == name for error in refused.errors())
    return False
