"""Typed, sortable identifiers: a three-letter prefix and a UUIDv7 (RFC 9562, section 5.7) in Crockford base32.

`evt_06f3j2m8k5w7r9t1x3z5b7d9gh`: the prefix names the kind of thing, the rest sorts by time of creation.
"""

import os
import re
import threading
import time
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from shared.errors import Invalid
from shared.faults import fault

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
BODY_LENGTH = 26
_SHAPE = re.compile(rf"([a-z]{{3}})_([0-7][{ALPHABET}]{{{BODY_LENGTH - 1}}})")

_lock = threading.Lock()
_last_millisecond = 0
_counter = 0


def new_id(prefix: str) -> str:
    """A new id such as `evt_…`. The ids of one process sort in the order of their creation."""
    return f"{prefix}_{encode(_uuid7())}"


def encode(value: int) -> str:
    """128 bits as 26 characters of lower-case Crockford base32; order is kept."""
    return "".join(ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))


def prefix_of(identifier: str) -> str | None:
    """The prefix of a well-formed id, or `None` for anything else."""
    match = _SHAPE.fullmatch(identifier)
    return match.group(1) if match else None


def expect(identifier: str, prefix: str, path: tuple[str | int, ...] = ("id",)) -> str:
    """Return the id if it has this prefix. Otherwise raise `Invalid` (`bad_id`) with `path`."""
    if prefix_of(identifier) != prefix:
        raise Invalid(code="bad_id", message=f"Give an id that begins with `{prefix}_`.", path=path)
    return identifier


@dataclass(frozen=True)
class IdType:
    """Marks a field that must hold an id with this prefix: `EventId = Annotated[str, IdType("evt")]`.

    Any other value is refused with the code `bad_id`.
    """

    prefix: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "pattern": rf"^{self.prefix}_[0-7][{ALPHABET}]{{{BODY_LENGTH - 1}}}$"}

    def _check(self, value: str) -> str:
        if prefix_of(value) != self.prefix:
            raise fault("bad_id", f"Give an id that begins with `{self.prefix}_`.")
        return value


def _uuid7() -> int:
    """48 bits of milliseconds, version 7, a 12-bit counter, the variant and 62 random bits."""
    global _last_millisecond, _counter
    with _lock:
        millisecond = time.time_ns() // 1_000_000
        if millisecond > _last_millisecond:
            _last_millisecond, _counter = millisecond, int.from_bytes(os.urandom(1))
        else:
            _counter += 1
            if _counter > 0xFFF:
                _last_millisecond, _counter = _last_millisecond + 1, 0
        millisecond, counter = _last_millisecond, _counter
    random = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    return (millisecond << 80) | (7 << 76) | (counter << 64) | (2 << 62) | random
