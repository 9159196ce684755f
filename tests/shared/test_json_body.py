"""JSON with a value that cannot be used is told as what it is, with the path of the value."""

import json
from typing import Any

import pytest

from shared.errors import Invalid
from shared.json_body import MOST_REPORTED, read_json


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'{"a": "\ud800"}', [("not_unicode", ("a",))]),
        (r'{"a": ["x", {"b": "y\udc00z"}]}', [("not_unicode", ("a", 1, "b"))]),
        (r'{"a": {"\ud800": 1}}', [("not_unicode", ("a",))]),
        ('{"a": 1e400, "b": -1e400}', [("too_large_number", ("a",)), ("too_small", ("b",))]),
        ('{"a": ' + "9" * 100_000 + "}", [("too_large_number", ("a",))]),
        ('{"a": -' + "9" * 100_000 + "}", [("too_small", ("a",))]),
        ("1e400", [("too_large_number", ())]),
        (r'["\ud800", 1e400]', [("not_unicode", (0,)), ("too_large_number", (1,))]),
    ],
)
def test_a_value_that_cannot_be_used_is_named(text: str, expected: list[tuple[str, tuple[Any, ...]]]) -> None:
    with pytest.raises(Invalid) as refused:
        read_json(text.encode())
    assert [(each.code, each.path) for each in (refused.value, *refused.value.others)] == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"NaN",
        b"[Infinity]",
        b'"\xff"',
        b'{"a": "\\ud800"',
        b"[" * 100_000,
        b'"\xed\xa0\x80"',
        b"\xef\xbb\xbf{}",
    ],
)
def test_what_is_not_json_is_refused_as_that(body: bytes) -> None:
    with pytest.raises(json.JSONDecodeError):
        read_json(body)


def test_of_very_many_faults_the_first_are_told() -> None:
    with pytest.raises(Invalid) as refused:
        read_json(b"[" + b"1e400," * 1000 + b"1]")
    assert len(refused.value.others) == MOST_REPORTED - 1


def test_of_fields_with_the_same_name_the_last_one_counts() -> None:
    assert read_json(b'{"a": 1, "a": 2}') == {"a": 2}
