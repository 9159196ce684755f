"""The kinds of text an entry is written in: what may be typed into a line and into a body."""

import unicodedata
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, StringConstraints

T = TypeVar("T")
_LAYOUT = frozenset("\n\r\t")


def _refuse_unwritable(text: str, allowed: frozenset[str]) -> str:
    for character in text:
        category = unicodedata.category(character)
        if category == "Cs":
            raise ValueError("this is not valid Unicode: it holds half of a surrogate pair")
        if category == "Cc" and character not in allowed:
            raise ValueError("this holds a control character")
    return text


def _one_line(text: str) -> str:
    return _refuse_unwritable(text, frozenset())


def _many_lines(text: str) -> str:
    return _refuse_unwritable(text, _LAYOUT)


def _each_once(values: list[T]) -> list[T]:
    if len(set(values)) < len(values):
        raise ValueError("give each one once")
    return values


_Line = AfterValidator(_one_line)
_Lines = AfterValidator(_many_lines)

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), _Line]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), _Line]
Body = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), _Lines]
Passage = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5_000), _Lines]
Latitude = Annotated[float, Field(strict=True, ge=-90, le=90)]
Longitude = Annotated[float, Field(strict=True, ge=-180, le=180)]
EachOnce = AfterValidator(_each_once)
