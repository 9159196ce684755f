"""What is wrong with a value is told by codes and sentences of our own, never a library's."""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

import pytest
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    HttpUrl,
    TypeAdapter,
    ValidationError,
)
from pydantic_core.core_schema import ErrorType

from shared.contracts.membership.hubs import HubId
from shared.faults import CODES, FAULTS, code_and_sentence, fault


class Stone(StrEnum):
    FLINT = "flint"
    CHALK = "chalk"
    SLATE = "slate"


class Throw(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: int
    note: str = ""


def told(type_: Any, value: object) -> list[tuple[str, str]]:
    """The code and the sentence for each fault of a value that does not fit a type."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(type_).validate_python(value)
    return [code_and_sentence(error) for error in refused.value.errors()]


@pytest.mark.parametrize(
    ("type_", "value", "code", "sentence"),
    [
        (Throw, {}, "required", "This is needed."),
        (Throw, {"number": 1, "colour": "red"}, "unknown_field", "There is no such field."),
        (Throw, {"number": 1, "colour": None}, "unknown_field", "There is no such field."),
        (Throw, {"number": None}, "required", "This cannot be null."),
        (Throw, 5, "not_an_object", "Give an object with fields."),
        (Stone, None, "required", "This cannot be null."),
        (Stone, "gold", "not_a_choice", "Choose one of these: `flint`, `chalk`, `slate`."),
        (Literal["a", "b"], "c", "not_a_choice", "Choose one of these: `a`, `b`."),
        (str, 5, "not_text", "Write this as text."),
        (Annotated[str, Field(min_length=1)], "", "too_short", "Write at least 1 character."),
        (Annotated[str, Field(min_length=8)], "", "too_short", "Write at least 8 characters."),
        (Annotated[str, Field(max_length=20_000)], "x" * 20_001, "too_long", "Write at most 20000 characters."),
        (
            Annotated[str, Field(pattern="^(a or b){1,2}$")],
            "c",
            "wrong_format",
            "Write this so that it matches `^(a or b){1,2}$`.",
        ),
        (int, "many", "not_a_whole_number", "Give a whole number."),
        (int, 1.5, "not_a_whole_number", "Give a whole number."),
        (int, "9" * 5000, "too_large_number", "Give a smaller number."),
        (float, "many", "not_a_number", "Give a number."),
        (Annotated[float, Field(ge=-90)], -91, "too_small", "Give -90 or more."),
        (Annotated[float, Field(le=0.5)], 1, "too_large_number", "Give 0.5 or less."),
        (Annotated[int, Field(gt=0)], 0, "too_small", "Give more than 0."),
        (Annotated[int, Field(lt=10)], 10, "too_large_number", "Give less than 10."),
        (bool, "perhaps", "not_true_or_false", "Give true or false."),
        (list[int], 1, "not_a_list", "Give a list."),
        (Annotated[list[int], Field(min_length=1)], [], "too_short", "Give at least 1 of these."),
        (Annotated[list[int], Field(max_length=2)], [1, 2, 3], "too_long", "Give at most 2 of these."),
        (datetime, "soon", "not_a_date_time", "Write a moment with its offset, as in RFC 3339: 2026-03-05T12:30:00Z."),
        (
            AwareDatetime,
            "2026-03-05T12:30:00",
            "not_a_date_time",
            "Write a moment with its offset, as in RFC 3339: 2026-03-05T12:30:00Z.",
        ),
        (date, "soon", "not_a_date", "Write a day of the calendar, as in RFC 3339: 2026-03-05."),
        (HttpUrl, "nowhere", "not_a_web_address", "Give a web address that begins with https:// or http://."),
        (EmailStr, "nobody", "not_an_email_address", "Give a mail address, such as name@example.org."),
        (HubId, "evt_1", "bad_id", "Give an id that begins with `hub_`."),
        (bytes, 5, "not_text", "Write this as text."),
        (complex, "x", "invalid_value", "This cannot be used as it is."),
    ],
)
def test_a_fault_has_a_code_and_a_sentence_of_ours(type_: Any, value: object, code: str, sentence: str) -> None:
    assert told(type_, value) == [(code, sentence)]


def test_each_translation_is_of_a_fault_that_pydantic_finds() -> None:
    assert set(FAULTS) <= set(get_args(ErrorType))


def test_whatever_pydantic_finds_has_a_code_of_the_table_and_a_whole_sentence() -> None:
    for kind in get_args(ErrorType):
        code, text = code_and_sentence({"type": kind, "msg": "value error, somehow", "input": 1})
        assert code in CODES, kind
        assert re.fullmatch(r"[A-Z][^{}]*\.", text), (kind, text)


def test_what_a_validator_says_is_made_a_sentence() -> None:
    for message in ("Value error, write something", "Value error, Write something."):
        error: dict[str, Any] = {"type": "value_error", "msg": message, "input": "", "ctx": {}}
        assert code_and_sentence(error) == ("invalid_value", "Write something.")


def test_a_validator_raises_only_codes_of_the_table() -> None:
    with pytest.raises(LookupError):
        fault("string_type", "Write something.")


def test_braces_in_a_sentence_stay_as_they_are() -> None:
    def refuse(value: str) -> str:
        raise fault("invalid_value", "Write {this} or {0}.")

    assert told(Annotated[str, AfterValidator(refuse)], "x") == [("invalid_value", "Write {this} or {0}.")]
