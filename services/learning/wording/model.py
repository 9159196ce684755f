"""The kinds of text an entry is written in: what may be typed into a line and into a body."""

from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, StringConstraints

from shared.text import clean_line, clean_text

T = TypeVar("T")


def _each_once(values: list[T]) -> list[T]:
    if len(set(values)) < len(values):
        raise ValueError("give each one once")
    return values


_Line = AfterValidator(clean_line)
_Lines = AfterValidator(clean_text)

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), _Line]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), _Line]
Body = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), _Lines]
Passage = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5_000), _Lines]
Latitude = Annotated[float, Field(strict=True, ge=-90, le=90)]
Longitude = Annotated[float, Field(strict=True, ge=-180, le=180)]
EachOnce = AfterValidator(_each_once)
