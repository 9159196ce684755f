"""Closed lists whose members say what they mean."""

import json

import pytest
from graphql import GraphQLEnumType
from pydantic import BaseModel, ValidationError

from gateway.graph.schema import executable
from shared.auth import SCOPES
from shared.enums import Described, Scope, Theme


class Weather(Described):
    """What it is like outside."""

    RAIN = "rain", "Water falls."
    FOG = "fog"


class Report(BaseModel):
    """A message with such a value in it."""

    weather: Weather


def test_a_member_is_its_text_and_has_a_description() -> None:
    assert (Weather.RAIN, Weather.RAIN.value, f"{Weather.RAIN}") == ("rain", "rain", "rain")
    assert Weather("rain") is Weather.RAIN
    assert [each.description for each in Weather] == ["Water falls.", ""]
    with pytest.raises(ValueError, match="snow"):
        Weather("snow")


def test_a_contract_reads_and_writes_the_text_alone() -> None:
    report = Report.model_validate_json('{"weather": "rain"}')
    assert report.weather is Weather.RAIN
    assert json.loads(report.model_dump_json()) == {"weather": "rain"}
    with pytest.raises(ValidationError, match="'rain' or 'fog'"):
        Report.model_validate({"weather": "snow"})
    assert Report.model_json_schema()["$defs"]["Weather"]["enum"] == ["rain", "fog"]


def test_the_graph_shows_the_descriptions() -> None:
    type_ = executable().type_map["Theme"]
    assert isinstance(type_, GraphQLEnumType)
    assert {name: value.description for name, value in type_.values.items()} == {
        theme.name: theme.description for theme in Theme
    }
    assert "Described" not in executable().type_map


def test_the_scopes_that_routes_name_are_those_of_the_enum() -> None:
    assert tuple(scope.value for scope in Scope) == SCOPES
