"""The format of API keys: `myc_live_<id>_<secret><checksum>`. Pure, so the gateway can refuse a mistyped key itself.

The id is the key's `key_…` id without its prefix. The secret is 40 random base62 characters (238 bits). The checksum is
the CRC-32 of everything before it, in six base62 characters. Scanners for leaked secrets find keys by this format.
"""

import re
import secrets
import string
import zlib
from dataclasses import dataclass

from shared.ids import prefix_of

PREFIX = "myc_live_"
SECRET_LENGTH = 40
CHECKSUM_LENGTH = 6
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SHAPE = re.compile(rf"{PREFIX}([0-9a-z]{{26}})_([0-9A-Za-z]{{{SECRET_LENGTH}}})([0-9A-Za-z]{{{CHECKSUM_LENGTH}}})")


@dataclass(frozen=True)
class ParsedKey:
    """A well-formed key: `key_id` is the id of its record, `text` the whole key."""

    key_id: str
    text: str

    def __repr__(self) -> str:
        return f"ParsedKey({self.key_id})"


def new_key(key_id: str) -> str:
    """A new secret key for the record `key_…`. It is shown once; only a hash is stored. Raises `ValueError`."""
    if prefix_of(key_id) != "key":
        raise ValueError("a key belongs to an id that begins with key_")
    text = f"{key_prefix(key_id)}_{random_base62(SECRET_LENGTH)}"
    return text + checksum(text)


def key_prefix(key_id: str) -> str:
    """The public part of a key: `myc_live_<id>`."""
    return PREFIX + key_id.removeprefix("key_")


def looks_like_key(text: str) -> bool:
    """Whether a credential is meant to be an API key, well-formed or not."""
    return text.startswith(PREFIX)


def parse_key(text: str) -> ParsedKey | None:
    """A key's parts, or `None` when the format or the checksum is wrong (mistyped, cut off, invented)."""
    match = _SHAPE.fullmatch(text)
    if match is None or checksum(text[:-CHECKSUM_LENGTH]) != match.group(3):
        return None
    key_id = f"key_{match.group(1)}"
    return ParsedKey(key_id, text) if prefix_of(key_id) == "key" else None


def checksum(text: str) -> str:
    """The CRC-32 of an ASCII text as six base62 characters."""
    rest, digits = zlib.crc32(text.encode("ascii")), ""
    for _ in range(CHECKSUM_LENGTH):
        rest, digit = divmod(rest, 62)
        digits = BASE62[digit] + digits
    return digits


def random_base62(length: int) -> str:
    """`length` random characters of `0-9A-Za-z`, from the system's secure source."""
    return "".join(secrets.choice(BASE62) for _ in range(length))
