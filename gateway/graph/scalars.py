"""Our own scalars: moments and days. Types write `datetime` and `date`; what travels is always text."""

import re
from datetime import UTC, date, datetime

from graphql import GraphQLError
from strawberry import scalar
from strawberry.types.scalar import ScalarDefinition

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")


def parse_date_time(value: object) -> str:
    """A moment as RFC 3339 (section 5.6) writes it, offset included, turned into UTC. Raises `GraphQLError`."""
    if isinstance(value, str) and _RFC_3339.fullmatch(value):
        try:
            return datetime.fromisoformat(value.upper()).astimezone(UTC).isoformat().replace("+00:00", "Z")
        except (ValueError, OverflowError):
            pass
    raise GraphQLError("DateTime needs a moment with its offset, as RFC 3339 writes it: 2026-03-05T12:30:00Z.")


def parse_date(value: object) -> str:
    """A day as RFC 3339 writes a full-date. Raises `GraphQLError`."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise GraphQLError("Date needs a day of the calendar: 2026-03-05.")


def _as_it_is(value: str) -> str:
    return value


DATE_TIME: ScalarDefinition = scalar(
    name="DateTime",
    description="A moment with its offset, such as `2026-03-05T12:30:00Z` (RFC 3339). Answers are in UTC.",
    specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    serialize=_as_it_is,
    parse_value=parse_date_time,
)
DATE: ScalarDefinition = scalar(
    name="Date",
    description="A day of the calendar, such as `2026-03-05` (RFC 3339, full-date).",
    specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
    serialize=_as_it_is,
    parse_value=parse_date,
)
