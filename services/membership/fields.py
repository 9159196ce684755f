"""The kinds of value this service takes in: cleaned text, slugs, places, addresses. What does not fit says why."""

import re
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
    validate_email,
)

from shared.contracts.view import Place
from shared.contracts.enums import ActorKind, Theme
from shared.text import clean_line, clean_text, is_blank, language_tag, slug

T = TypeVar("T")


class Input(BaseModel):
    """What a caller sends. Unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Stored(BaseModel):
    """What a document holds. The store's own index fields are ignored when it is read."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _nothing_or_clean(text: str) -> str:
    """What may be left empty; what cannot be seen counts as empty."""
    return "" if is_blank(text) else clean_text(text)


def _each_once(values: list[T]) -> list[T]:
    return list(dict.fromkeys(values))


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PHONE = re.compile(r"\+?[0-9 ().-]+")


def _a_day(value: Any) -> Any:
    """Only a full-date (RFC 3339, section 5.6): neither a count of seconds nor a moment, whose hours would be lost."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("write a day like 2026-03-05")
    return value if isinstance(value, date) else _only_text(value)


def _only_text(value: Any) -> Any:
    """Times come as text: a bare number could be seconds or milliseconds."""
    if not isinstance(value, str):
        raise ValueError("write this as text, as in RFC 3339")
    return value


Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(clean_line)
]
ShortLine = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), AfterValidator(clean_line)
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), AfterValidator(_nothing_or_clean)]
Slug = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64), AfterValidator(slug)]
Language = Annotated[str, Field(max_length=35), AfterValidator(language_tag)]

Lines = Annotated[list[Line], Field(max_length=20), AfterValidator(_each_once)]
Languages = Annotated[list[Language], Field(max_length=20), AfterValidator(_each_once)]
Themes = Annotated[list[Theme], Field(max_length=len(Theme)), AfterValidator(_each_once)]
ActorKinds = Annotated[list[ActorKind], Field(max_length=len(ActorKind)), AfterValidator(_each_once)]

Moment = Annotated[AwareDatetime, BeforeValidator(_only_text)]
Day = Annotated[date, BeforeValidator(_a_day), PlainSerializer(str)]


def normal_address(value: str) -> str:
    """A mail address in the one form it is kept in: lower case, the domain in its ASCII form (RFC 5890).

    Raises `ValueError` for what is no address, or needs a mail system that takes non-ASCII names (RFC 6531).
    """
    given = value.strip()
    if len(given) > 254 or "<" in given:
        raise ValueError("give a mail address, such as name@example.org")
    normal = validate_email(given)[1]
    name, _, domain = normal.rpartition("@")
    if not name.isascii():
        raise ValueError("write the part before the @ without accents")
    labels = [label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in domain.split(".")]
    return f"{name}@{'.'.join(labels)}".lower()


def phone_number(value: str) -> str:
    """A telephone number as people write it, of 5 to 15 digits (ITU-T E.164, section 6.1). Raises `ValueError`."""
    if not _PHONE.fullmatch(value) or not 5 <= sum(character.isdigit() for character in value) <= 15:
        raise ValueError("give a telephone number: 5 to 15 digits, with spaces and + ( ) - . as you like")
    return value


Address = Annotated[str, Field(max_length=320), AfterValidator(normal_address)]


class PlaceInput(Place):
    """A place as it may be sent: a name, and both or neither of the coordinates."""

    name: Line
    latitude: Annotated[float, Field(strict=True, ge=-90, le=90, allow_inf_nan=False)] | None = None
    longitude: Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> "PlaceInput":
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("give latitude and longitude together")
        return self
