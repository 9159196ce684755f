"""What each thing said about an event may be: its type, its limits, and the sentence for what does not fit."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from shared.contracts.enums import Theme
from shared.ids import PersonId
from shared.text import clean_line, clean_text, is_blank, language_tag

MOST_SEATS = 100_000
LAST_YEAR = 2200


@lru_cache(maxsize=1)
def _time_zones() -> frozenset[str]:
    """The places of the IANA database, and UTC; not the names that stand for whatever a machine is set to."""
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def _known_time_zone(name: str) -> str:
    if name not in _time_zones():
        raise ValueError("give a time zone of the IANA database, such as Europe/London")
    return name


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and is_blank(value) else value


def _not_a_number(value: Any) -> Any:
    """A number is no date: pydantic would read it as seconds, or milliseconds, since 1970."""
    if isinstance(value, (str, datetime)):
        return value
    raise ValueError("write the time as in RFC 3339, such as 2026-03-05T12:30:00Z")


def _utc(moment: datetime) -> datetime:
    if not 1970 < moment.year < LAST_YEAR:
        raise ValueError(f"the year is not between 1971 and {LAST_YEAR - 1}")
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _web_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        named = False
    if not named or parts.scheme not in {"http", "https"} or parts.username is not None or re.search(r"\s", url):
        raise ValueError("give a web address that begins with https:// or http://")
    return url


def _each_once(values: list[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


_Text = AfterValidator(clean_text)

Moment = Annotated[AwareDatetime, BeforeValidator(_not_a_number), AfterValidator(_utc)]
OneLine = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(clean_line)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
TimeZone = Annotated[str, Field(max_length=64), AfterValidator(_known_time_zone)]
Summary = Annotated[Annotated[str, Field(max_length=500), _Text] | None, BeforeValidator(_blank_is_none)]
Description = Annotated[Annotated[str, Field(max_length=20_000), _Text] | None, BeforeValidator(_blank_is_none)]
AccessInformation = Annotated[Annotated[str, Field(max_length=2_000), _Text] | None, BeforeValidator(_blank_is_none)]
Reason = Annotated[Annotated[str, Field(max_length=1_000), _Text] | None, BeforeValidator(_blank_is_none)]
WebAddress = Annotated[
    Annotated[str, Field(max_length=2_000), AfterValidator(clean_line), AfterValidator(_web_address)] | None,
    BeforeValidator(_blank_is_none),
]
Capacity = Annotated[int, Field(strict=True, ge=1, le=MOST_SEATS)] | None
Themes = Annotated[list[Theme], Field(max_length=16), AfterValidator(_each_once)]
Language = Annotated[str, Field(max_length=35), AfterValidator(language_tag)]
Languages = Annotated[list[Language], Field(max_length=20), AfterValidator(_each_once)]
Organisers = Annotated[list[PersonId], Field(max_length=50), AfterValidator(_each_once)]
