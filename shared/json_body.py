"""Reads JSON strictly (RFC 8259, in UTF-8), and reports which values of a body cannot be used, and why.

A lone surrogate, or a number beyond a double's range, is allowed by JSON but cannot be stored: each is reported with
its path. When an object has two fields of the same name, the last one counts.
"""

import json
import math
from collections.abc import Iterator
from typing import Any

import orjson

from shared.errors import Invalid
from shared.faults import NOT_UNICODE, TOO_LARGE_NUMBER, TOO_SMALL

MOST_REPORTED = 20
_LONGEST_NUMBER = 400
"""In digits: a double has at most 309 before the point, and Python is slow at parsing very long numbers."""
_TOO_LARGE = math.inf


def read_json(body: bytes) -> Any:
    """Parse a JSON text.

    Raises `Invalid`, which names up to 20 values that cannot be used, or `json.JSONDecodeError` when it is not JSON.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        problems = _unusable(body)
        if not problems:
            raise
    first, *others = problems
    first.others = tuple(others)
    raise first


def _unusable(body: bytes) -> list[Invalid]:
    """A problem for each value that cannot be used; none when the text is not JSON at all."""
    try:
        value = json.loads(body.decode(), parse_int=_int, parse_constant=_refuse)
        found = []
        for code, message, path in _walk(value, ()):
            found.append(Invalid(code=code, message=message, path=path))
            if len(found) == MOST_REPORTED:
                break
        return found
    except (ValueError, RecursionError):
        return []


def _walk(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    if isinstance(value, dict):
        for name, each in value.items():
            if _is_broken(name):
                yield *NOT_UNICODE, path  # the path cannot contain the name itself, which is not valid text
            else:
                yield from _walk(each, (*path, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _walk(each, (*path, index))
    elif isinstance(value, str) and _is_broken(value):
        yield *NOT_UNICODE, path
    elif value == _TOO_LARGE:
        yield *TOO_LARGE_NUMBER, path
    elif value == -_TOO_LARGE:
        yield *TOO_SMALL, path


def _is_broken(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= each <= "\udfff" for each in text)


def _int(text: str) -> float | int:
    return int(text) if len(text) <= _LONGEST_NUMBER else -_TOO_LARGE if text.startswith("-") else _TOO_LARGE


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
