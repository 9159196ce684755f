"""The types of values that callers send and services store, the same for all services. A bad value raises a `fault`.

Text is stripped; text without visible characters counts as empty. A list keeps the first of equal values and drops the
others. Numbers and booleans are strict: `"54"` is not a number and `false` is not an integer. A time is aware, in UTC,
truncated to the millisecond, as MongoDB stores it. A feature with a limit of its own combines the same parts:
`Annotated[str, StringConstraints(max_length=500), CLEAN_TEXT]`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Any, Self, TypeVar
from zoneinfo import available_timezones

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
)

from shared import addresses
from shared.enums import ActorKind, Theme
from shared.faults import DATE, DATE_TIME, fault
from shared.text import LANGUAGE, SLUG, clean_line, clean_text, is_blank, language_tag, slug

T = TypeVar("T")

FIRST_YEAR, LAST_YEAR = 1971, 2199
LARGEST_VERSION = 2**53
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Input(BaseModel):
    """What a caller sends. Unknown fields are refused; text is stripped."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Changes(Input):
    """The changes a caller asks for: only the fields that are sent count.

    A field that cannot be cleared has the default `UNCHANGED`, so that null is refused for it. `version`, when it is
    sent, is the version the caller has read; the change is refused when the stored one is newer.
    """

    version: Annotated[int, Field(strict=True, ge=1, le=LARGEST_VERSION)] | None = None

    def sent(self) -> dict[str, Any]:
        """The fields that were sent, without `version`."""
        return {name: getattr(self, name) for name in self.model_fields_set if name != "version"}


UNCHANGED: Any = None
"""The default of a field of `Changes` that may be left out but may not be null."""


class Stored(BaseModel):
    """The contents of a document. An optional field has a default, so that documents of older versions can be read.

    Reading ignores fields that only queries need, and fields of newer versions.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")


@dataclass(frozen=True)
class Format:
    """Marks text that follows a known format: `Annotated[str, URL]`. The graph has a scalar of this name for it.

    The mark itself checks nothing. A request uses a value type that checks (`WebAddress`). A view shows what was
    checked when it was stored, and needs the mark alone. `specified_by`: the address of the standard.
    """

    name: str
    description: str
    specified_by: str


URL = Format(
    "URL",
    "A web address that begins with `https://` or `http://`, such as `https://example.org/about`.",
    "https://url.spec.whatwg.org/",
)
EMAIL_ADDRESS = Format(
    "EmailAddress",
    "A mail address, such as `name@example.org` (RFC 5321, section 4.1.2), with nothing but ASCII before the `@`.",
    "https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2",
)
TIME_ZONE = Format(
    "TimeZone",
    "The name of a time zone in the IANA database, such as `Europe/London`.",
    "https://www.iana.org/time-zones",
)


def _stripped_or_none(value: Any) -> Any:
    return None if isinstance(value, str) and is_blank(value) else value


def _clean_or_empty(text: str) -> str:
    return "" if is_blank(text) else clean_text(text)


def _each_once(values: list[T]) -> list[T]:
    return list(dict.fromkeys(values))


def _a_day(value: Any) -> Any:
    """Only a full-date (RFC 3339, section 5.6): no count of seconds, and no date-time, whose hours would be lost."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise fault(*DATE)
    if isinstance(value, str | date):
        return value
    raise fault(*DATE)


def _not_a_number(value: Any) -> Any:
    """Refuse a number as a time: it could mean seconds or milliseconds since 1970."""
    if isinstance(value, str | datetime):
        return value
    raise fault(*DATE_TIME)


def _utc(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise fault("out_of_range", f"Give a year from {FIRST_YEAR} to {LAST_YEAR}.")
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@lru_cache(maxsize=1)
def _time_zones() -> frozenset[str]:
    """The names of places in the IANA database, and UTC; not names such as `localtime`, which depend on the machine."""
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def _time_zone(name: str) -> str:
    if name not in _time_zones():
        raise fault("not_a_time_zone", "Give a time zone of the IANA database, such as Europe/London.")
    return name


CLEAN_LINE = AfterValidator(clean_line)
"""One line with visible characters, without control characters."""
CLEAN_TEXT = AfterValidator(clean_text)
"""Any number of lines with visible characters, without control characters."""
CLEAN_OR_EMPTY = AfterValidator(_clean_or_empty)
"""As `CLEAN_TEXT`, but text without visible characters becomes the empty string."""
BLANK_IS_NONE = BeforeValidator(_stripped_or_none)
"""Text without visible characters becomes null."""
EACH_ONCE = AfterValidator(_each_once)
"""Drops repeated values of a list and keeps the order of the first ones."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), CLEAN_LINE]
ShortLine = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), CLEAN_LINE]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4_000), CLEAN_OR_EMPTY]
Slug = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=64),
    AfterValidator(slug),
    Field(json_schema_extra={"pattern": f"^{SLUG}$"}),
]
Language = Annotated[
    str,
    StringConstraints(max_length=35),
    AfterValidator(language_tag),
    Field(json_schema_extra={"pattern": f"^{LANGUAGE}$"}),
]
TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_time_zone), TIME_ZONE]
WebAddress = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000),
    AfterValidator(addresses.web_address),
    Field(json_schema_extra={"format": "uri"}),
    URL,
]
EmailAddress = Annotated[
    str,
    StringConstraints(max_length=320),
    AfterValidator(addresses.email_address),
    Field(json_schema_extra={"format": "email"}),
    EMAIL_ADDRESS,
]

Lines = Annotated[list[Line], Field(max_length=20), EACH_ONCE]
Languages = Annotated[list[Language], Field(max_length=20), EACH_ONCE]
Themes = Annotated[list[Theme], Field(max_length=16), EACH_ONCE]
ActorKinds = Annotated[list[ActorKind], Field(max_length=16), EACH_ONCE]

Moment = Annotated[AwareDatetime, BeforeValidator(_not_a_number), AfterValidator(_utc)]
Day = Annotated[date, BeforeValidator(_a_day), PlainSerializer(str)]

Flag = Annotated[bool, Field(strict=True)]
Latitude = Annotated[float, Field(strict=True, ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False)]


class Place(BaseModel):
    """Where something is: a name and, when known, a point in WGS 84 degrees (both coordinates or neither)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    latitude: Latitude | None = None
    longitude: Longitude | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise fault("invalid_value", "Give latitude and longitude together, or neither.")
        return self
