"""Pages by keyset. A cursor is opaque to clients: the sort key of the last row, sealed with what it belongs to.

`first` is at most 100, 20 when not said. A cursor that was not made for this list is an error, never page one.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict

from shared.clock import iso
from shared.errors import Invalid

DEFAULT_FIRST = 20
MAX_FIRST = 100

Kind = type[str] | type[int] | type[datetime]

T = TypeVar("T")
U = TypeVar("U")


class Page(BaseModel, Generic[T]):
    """A stretch of a list: `nodes`, a cursor for each, and whether there is more beyond."""

    model_config = ConfigDict(frozen=True)

    nodes: list[T]
    cursors: list[str]
    has_next: bool = False

    def map(self, view: Callable[[T], U]) -> "Page[U]":
        """The same page with every node changed by `view`."""
        return Page[Any](nodes=[view(node) for node in self.nodes], cursors=self.cursors, has_next=self.has_next)


class PageRequest(BaseModel):
    """What a caller asks for: how many, and after which cursor."""

    model_config = ConfigDict(frozen=True)

    first: int = DEFAULT_FIRST
    after: str | None = None


def page_request(first: int | None = None, after: str | None = None) -> PageRequest:
    """Check `first` (1 to 100) and wrap both. Raises `Invalid` naming `first`."""
    first = DEFAULT_FIRST if first is None else first
    if not 1 <= first <= MAX_FIRST:
        raise Invalid(code="bad_page_size", message=f"`first` goes from 1 to {MAX_FIRST}.", path=("first",))
    return PageRequest(first=first, after=after)


def encode_cursor(scope: str, key: Sequence[object]) -> str:
    """A cursor for this list (`scope` names list and filter) that stands at this sort key."""
    values = [{"t": iso(v)} if isinstance(v, datetime) else v for v in key]
    raw = orjson.dumps([_mark(scope), values])
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_cursor(scope: str, cursor: str, kinds: Sequence[Kind]) -> tuple[Any, ...]:
    """The sort key in a cursor: one value of each of these kinds, in this order, and nothing else.

    Anybody can write a cursor, so only what `encode_cursor` could have written of such a key is taken: no null, truth
    value, number with a point, list or object, and no number that needs more than 64 bits, as MongoDB has none.
    Raises `Invalid` (`bad_cursor`).
    """
    bad = Invalid(
        code="bad_cursor",
        message="This cursor does not belong to this list. Start again without `after`.",
        path=("after",),
    )
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        mark, values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if mark != _mark(scope) or not isinstance(values, list):
            raise bad
        key = tuple(datetime.fromisoformat(value["t"]) if isinstance(value, dict) else value for value in values)
        if [type(value) for value in key] != list(kinds) or encode_cursor(scope, key) != cursor:
            raise bad
        if any(isinstance(value, int) and value.bit_length() > 63 for value in key):
            raise bad
        return key
    except (binascii.Error, UnicodeError, ValueError, TypeError, KeyError, OverflowError):
        raise bad from None


def after_key(keys: Sequence[tuple[str, int]], values: Sequence[object]) -> dict[str, Any]:
    """The MongoDB filter for rows beyond `values` in the order `keys` ([(field, 1 or -1), …])."""
    if len(keys) != len(values):
        raise Invalid(code="bad_cursor", message="This cursor does not belong to this list.", path=("after",))
    branches: list[dict[str, Any]] = []
    for position, (field, direction) in enumerate(keys):
        equal = {keys[i][0]: values[i] for i in range(position)}
        branches.append({**equal, field: {"$gt" if direction > 0 else "$lt": values[position]}})
    return {"$or": branches}


async def read_page(
    collection: Any,
    where: Mapping[str, Any],
    order: Sequence[tuple[str, int]],
    kinds: Sequence[Kind],
    request: PageRequest,
    scope: str,
    model: Callable[[dict[str, Any]], T],
) -> "Page[T]":  # quoted: pydantic would want to know all about T
    """A stretch of the documents that match, in this order, each made a node by `model`.

    `kinds`: of what kind the values of the fields of `order` are, in which no two documents may be alike; `scope` names
    the list and its filters. Raises `Invalid` for a cursor of another list.
    """
    if request.after is not None:
        where = {"$and": [where, after_key(order, decode_cursor(scope, request.after, kinds))]}
    found = collection.find(where).sort(list(order)).limit(request.first + 1)
    documents = [document async for document in found]
    shown = documents[: request.first]
    cursors = [encode_cursor(scope, [document[field] for field, _ in order]) for document in shown]
    return Page(nodes=[model(one) for one in shown], cursors=cursors, has_next=len(documents) > len(shown))


def _mark(scope: str) -> str:
    return hashlib.blake2s(scope.encode(), digest_size=4).hexdigest()
