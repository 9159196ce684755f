"""Our own scalars: moments, days, and one for each format that a contract marks. What travels is always text.

Types write `datetime` and `date`. They write `str` for text of a format: `formats.py` puts the scalar in its place.
"""

import re
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from graphql import GraphQLError, GraphQLString, StringValueNode, ValueNode
from strawberry import scalar
from strawberry.types.scalar import ScalarDefinition

from shared.values import Format

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")


def parse_date_time(value: object) -> str:
    """A moment in the form of RFC 3339, section 5.6, with its offset; returned in UTC. Raises `GraphQLError`."""
    if isinstance(value, str) and _RFC_3339.fullmatch(value):
        try:
            return datetime.fromisoformat(value.upper()).astimezone(UTC).isoformat().replace("+00:00", "Z")
        except (ValueError, OverflowError):
            pass
    raise GraphQLError("DateTime needs a moment with its offset, as RFC 3339 writes it: 2026-03-05T12:30:00Z.")


def parse_date(value: object) -> str:
    """A day in the form of a full-date of RFC 3339. Raises `GraphQLError`."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise GraphQLError("Date needs a day of the calendar: 2026-03-05.")


def _as_it_is(value: str) -> str:
    return value


def _text_of(node: ValueNode, variables: Any = None) -> str:
    """A literal must be a string: graphql-core would take a bare name such as `UTC` for one."""
    if isinstance(node, StringValueNode):
        return node.value
    raise GraphQLError("This scalar needs a string.")


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
SCALARS: dict[Any, ScalarDefinition] = {datetime: DATE_TIME, date: DATE}
"""Each of our scalars, by the type that an annotation uses for it."""


@cache
def scalar_of(format_: Format) -> type[str]:
    """The annotation for text of this format, whose scalar is made at first use.

    The scalar takes any string, and refuses what `String` refuses. Whether the text has the format is checked by the
    service's request model: its problem has our code, names the field and comes together with the others of the input.
    A scalar that checked would refuse the whole document, and the rule would stand in two places.
    """
    annotation = type(format_.name, (str,), {})
    SCALARS[annotation] = scalar(
        name=format_.name,
        description=format_.description,
        specified_by_url=format_.specified_by,
        serialize=_as_it_is,
        parse_value=GraphQLString.parse_value,
        parse_literal=_text_of,
    )
    return annotation
