"""Formats are scalars: which one follows from the contract, and a wrong value is a problem that names its field."""

from typing import Annotated, Any

import pytest
import strawberry
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type
from strawberry.types.base import StrawberryList, StrawberryOptional

from gateway.graph.formats import use_formats
from gateway.graph.scalars import scalar_of
from gateway.graph.schema import executable
from gateway.graph.shapes import graph_input
from shared.values import TIME_ZONE, URL, Input, Line, TimeZone, WebAddress
from tests.gateway.community import Community, an_event_input


class Link(Input):
    """A model of a feature that is yet to come."""

    to: WebAddress
    label: Line


class Links(Input):
    """Another one, with the first in it."""

    first: Link
    more: list[WebAddress] | None = None
    zone: Annotated[TimeZone | None, "some other mark"] = None


@graph_input
class LinkInput:
    """An input."""

    to: str
    label: str


@graph_input
class LinksInput:
    """Another input."""

    first: LinkInput
    more: list[str] | None
    zone: str | None


def type_of(cls: type[Any], name: str) -> Any:
    definition: Any = cls.__dict__["__strawberry_definition__"]
    return next(field.type for field in definition.fields if field.python_name == name)


def test_a_new_input_gets_the_scalars_of_the_value_types_its_request_uses() -> None:
    use_formats(LinksInput, Links)
    assert type_of(LinkInput, "to") is scalar_of(URL)
    assert type_of(LinkInput, "label") is str
    more = type_of(LinksInput, "more")
    assert isinstance(more, StrawberryOptional)
    assert isinstance(more.of_type, StrawberryList)
    assert more.of_type.of_type is scalar_of(URL)
    assert type_of(LinksInput, "zone").of_type is scalar_of(TIME_ZONE)


@pytest.mark.parametrize(
    ("place", "scalar"),
    [
        ("Organisation.website", "URL"),
        ("CreateOrganisationInput.website", "URL"),
        ("UpdateOrganisationInput.website", "URL"),
        ("Event.onlineUrl", "URL"),
        ("UpdateEventInput.onlineUrl", "URL"),
        ("WebhookEndpoint.url", "URL"),
        ("CreateWebhookEndpointInput.url", "URL"),
        ("CreatePersonInput.email", "EmailAddress"),
        ("RequestSignInCodeInput.email", "EmailAddress"),
        ("SignInInput.email", "EmailAddress"),
        ("Event.timeZone", "TimeZone"),
        ("CreateEventInput.timeZone", "TimeZone"),
    ],
)
def test_a_format_is_a_scalar_that_says_which_standard_decides(place: str, scalar: str) -> None:
    type_name, field = place.split(".")
    type_ = executable().get_type(type_name)
    assert isinstance(type_, GraphQLObjectType | GraphQLInputObjectType)
    named: Any = get_named_type(type_.fields[field].type)
    assert named.name == scalar
    assert named.specified_by_url.startswith("https://")


BAD = [
    ("onlineUrl", "URL", "javascript:alert(1)", "not_a_web_address"),
    ("onlineUrl", "URL", "x" * 3000, "too_long"),
    ("timeZone", "TimeZone!", "Mars/Olympus", "not_a_time_zone"),
]


@pytest.mark.parametrize(("field", "type_", "wrong", "code"), BAD)
async def test_a_wrong_value_is_a_problem_of_its_field_whether_literal_or_variable(
    community: Community, field: str, type_: str, wrong: str, code: str
) -> None:
    wanted = an_event_input(community.hubs["north"])
    wanted.pop(field, None)
    whole = ", ".join(f"{name}: ${name}" for name in wanted)
    types = {"kind": "EventKind!", "startsAt": "DateTime!", "endsAt": "DateTime!", "hub": "ID!"}
    types |= {"timeZone": "TimeZone!", "title": "String!", field: type_}
    for value, variables in ((f'"{wrong}"', wanted), (f"${field}", {**wanted, field: wrong})):
        declared = ", ".join(f"${name}: {types[name]}" for name in variables)
        query = f"mutation({declared}) {{ createEvent(input: {{{whole}, {field}: {value}}}) {{"
        data = await community.data(
            query + " event { id } problems { code path } } }", variables, key=community.operator
        )
        told = data["createEvent"]
        assert told == {"event": None, "problems": [{"code": code, "path": ["input", field]}]}


async def test_what_is_no_text_is_refused_as_for_a_string(community: Community) -> None:
    ask = "requestSignInCode(input: {email: %s}) { sent }"
    for literal, code in (("5", "not_text"), ("kim", "not_text"), ("null", "required"), ('["x"]', "not_text")):
        answer = await community.ask(f"mutation {{ {ask % literal} }}")
        (problem,) = answer["errors"][0]["extensions"]["problems"]
        assert (problem["code"], problem["path"]) == (code, ["input", "email"]), literal
    for value, code in ((5, "not_text"), (None, "required"), ({"a": "b"}, "not_text")):
        answer = await community.ask(f"mutation($e: EmailAddress!) {{ {ask % '$e'} }}", {"e": value})
        (problem,) = answer["errors"][0]["extensions"]["problems"]
        assert (problem["code"], problem["path"]) == (code, ["input", "email"]), value


async def test_a_wrong_address_comes_back_beside_the_other_faults(community: Community) -> None:
    wanted = {"name": "", "email": "nobody"}
    told = await community.try_to("createPerson", "person { id }", wanted, community.operator)
    found = {(each["code"], each["path"][-1]) for each in told["problems"]}
    assert found == {("too_short", "name"), ("not_an_email_address", "email")}


def test_a_value_that_no_scalar_of_ours_is_for_stays_a_string() -> None:
    made = strawberry.type(type("Thing", (), {"__annotations__": {"label": str}}))
    use_formats(made, Link)
    assert type_of(made, "label") is str
