"""What pydantic finds wrong is told in sentences of our own."""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, EmailStr, Field, HttpUrl, TypeAdapter, ValidationError
from pydantic_core.core_schema import ErrorType

from shared.contracts.membership.hubs import HubId
from shared.problems import SENTENCES, sentence_of


class Stone(StrEnum):
    FLINT = "flint"
    CHALK = "chalk"
    SLATE = "slate"


class Throw(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: int
    note: str = ""


def sentences(type_: Any, value: object) -> list[str]:
    """What is said of a value that does not fit a type."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(type_).validate_python(value)
    return [sentence_of(error) for error in refused.value.errors()]


@pytest.mark.parametrize(
    ("type_", "value", "sentence"),
    [
        (Throw, {}, "This is needed."),
        (Throw, {"number": 1, "colour": "red"}, "There is no such field."),
        (Throw, {"number": 1, "colour": None}, "There is no such field."),
        (Throw, {"number": None}, "This cannot be null."),
        (Throw, 5, "Give an object with fields."),
        (Stone, None, "This cannot be null."),
        (Stone, "gold", "Choose one of these: `flint`, `chalk`, `slate`."),
        (Literal["a", "b"], "c", "Choose one of these: `a`, `b`."),
        (str, 5, "Write this as text."),
        (Annotated[str, Field(min_length=1)], "", "Write at least 1 character."),
        (Annotated[str, Field(min_length=8)], "", "Write at least 8 characters."),
        (Annotated[str, Field(max_length=20_000)], "x" * 20_001, "Write at most 20000 characters."),
        (Annotated[str, Field(pattern="^(a or b){1,2}$")], "c", "Write this so that it matches `^(a or b){1,2}$`."),
        (int, "many", "Give a whole number."),
        (int, 1.5, "Give a whole number."),
        (int, "9" * 5000, "Give a smaller number."),
        (float, "many", "Give a number."),
        (Annotated[float, Field(ge=-90)], -91, "Give -90 or more."),
        (Annotated[float, Field(le=0.5)], 1, "Give 0.5 or less."),
        (Annotated[int, Field(gt=0)], 0, "Give more than 0."),
        (Annotated[int, Field(lt=10)], 10, "Give less than 10."),
        (bool, "perhaps", "Give true or false."),
        (list[int], 1, "Give a list."),
        (Annotated[list[int], Field(min_length=1)], [], "Give at least 1 of these."),
        (Annotated[list[int], Field(max_length=2)], [1, 2, 3], "Give at most 2 of these."),
        (datetime, "soon", "Write a moment with its offset, as in RFC 3339: 2026-03-05T12:30:00Z."),
        (
            AwareDatetime,
            "2026-03-05T12:30:00",
            "Write a moment with its offset, as in RFC 3339: 2026-03-05T12:30:00Z.",
        ),
        (date, "soon", "Write a day of the calendar, as in RFC 3339: 2026-03-05."),
        (HttpUrl, "nowhere", "Give a web address."),
        (EmailStr, "nobody", "Give a mail address, such as name@example.org."),
        (HubId, "evt_1", "Give an id that begins with `hub_`."),
        (bytes, 5, "Write this as text."),
        (complex, "x", "This cannot be used as it is."),
    ],
)
def test_a_fault_has_a_sentence_of_ours(type_: Any, value: object, sentence: str) -> None:
    assert sentences(type_, value) == [sentence]


def test_each_sentence_is_for_a_fault_that_pydantic_finds() -> None:
    assert set(SENTENCES) <= set(get_args(ErrorType))


def test_a_sentence_is_whole_even_without_what_it_would_tell() -> None:
    for kind in get_args(ErrorType):
        text = sentence_of({"type": kind, "msg": "value error, somehow", "input": 1})
        assert re.fullmatch(r"[A-Z][^{}]*\.", text), (kind, text)


def test_what_a_validator_of_ours_says_is_made_a_sentence() -> None:
    for message in ("Value error, write something", "Value error, Write something."):
        assert sentence_of({"type": "value_error", "msg": message, "input": "", "ctx": {}}) == "Write something."
