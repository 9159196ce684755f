"""Keyset paging. A cursor is opaque to clients: it holds the sort key of a row and a mark of the list it belongs to.

`first` is 20 by default and at most 100. A cursor of another list is an error; it never returns the first page.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict

from shared.clock import iso
from shared.errors import Invalid

if TYPE_CHECKING:
    from shared.mongo import Collection

DEFAULT_FIRST = 20
MAX_FIRST = 100
MOST_PAGE_BYTES = 1_048_576
"""A page ends early when its texts have more bytes than this. It has at least one node."""
MOST_IN_BATCH = 34
MOST_COUNTED = 1000
"""Counting stops here: the total of a longer list is `None`."""

Kind = type[str] | type[int] | type[datetime]

T = TypeVar("T")
U = TypeVar("U")


class Page(BaseModel, Generic[T]):
    """One page of a list: `nodes`, a cursor for each, and whether there are more nodes before and after.

    `total`: the length of the whole list, if `count` was requested and it is at most `MOST_COUNTED`; else `None`.
    """

    model_config = ConfigDict(frozen=True)

    nodes: list[T]
    cursors: list[str]
    has_next: bool = False
    has_previous: bool = False
    total: int | None = None

    def map(self, view: Callable[[T], U]) -> "Page[U]":
        """The same page with `view` applied to every node."""
        return Page[Any](**{**dict(self), "nodes": [view(node) for node in self.nodes]})


class PageRequest(BaseModel):
    """The page a caller asks for: the `first` n nodes after a cursor, or the `last` n nodes before a cursor.

    When `last` is set, it decides and `first` is ignored. `count`: also count the whole list.
    """

    model_config = ConfigDict(frozen=True)

    first: int = DEFAULT_FIRST
    after: str | None = None
    last: int | None = None
    before: str | None = None
    count: bool = False


def page_request(
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    count: bool = False,
) -> PageRequest:
    """Check `first` or `last` (1 to 100, not both) and make a request. Raises `Invalid`, which names the parameter."""
    for name, value in (("first", first), ("last", last)):
        if value is not None and not 1 <= value <= MAX_FIRST:
            raise Invalid(code="bad_page_size", message=f"`{name}` goes from 1 to {MAX_FIRST}.", path=(name,))
    if first is not None and last is not None:
        raise Invalid(code="bad_page_size", message="Give `first` or `last`, not both.", path=("last",))
    return PageRequest(
        first=DEFAULT_FIRST if first is None else first, after=after, last=last, before=before, count=count
    )


def encode_cursor(scope: str, key: Sequence[object]) -> str:
    """A cursor at this sort key; `scope` names the list and its filter."""
    values = [{"t": iso(v)} if isinstance(v, datetime) else v for v in key]
    raw = orjson.dumps([_mark(scope), values])
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_cursor(scope: str, cursor: str, kinds: Sequence[Kind], path: str = "after") -> tuple[Any, ...]:
    """The sort key in a cursor: one value for each of `kinds`, in this order.

    Anybody can forge a cursor. So it is accepted only if `encode_cursor` could have written it for such a key: no null,
    boolean, float, list or object, and no integer of more than 64 bits, which MongoDB does not have. Raises `Invalid`
    (`bad_cursor`).
    """
    bad = Invalid(
        code="bad_cursor",
        message=f"This cursor does not belong to this list. Start again without `{path}`.",
        path=(path,),
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
    """The MongoDB filter for rows after `values` in the order `keys` ([(field, 1 or -1), …])."""
    if len(keys) != len(values):
        raise Invalid(code="bad_cursor", message="This cursor does not belong to this list.", path=("after",))
    branches: list[dict[str, Any]] = []
    for position, (field, direction) in enumerate(keys):
        equal = {keys[i][0]: values[i] for i in range(position)}
        branches.append({**equal, field: {"$gt" if direction > 0 else "$lt": values[position]}})
    return {"$or": branches}


async def read_page(
    collection: "Collection",
    where: Mapping[str, Any],
    request: PageRequest,
    order: Sequence[tuple[str, int]],
    kinds: Sequence[Kind],
    read: Callable[[dict[str, Any]], T],
    *,
    visible: Mapping[str, Any] | None = None,
    scope: str | None = None,
) -> "Page[T]":  # quoted: pydantic would resolve T
    """Read one page of the documents that match, in this order; `read` turns each into a node.

    `where`: the filter the caller chose; `visible`: the filter of what the caller may see. A cursor belongs to `where`
    and to the order. `kinds`: the types of the fields of `order`; no two documents may have the same values in all of
    them. `scope`: the list's name, when `where` does not identify the list. A page ends early when its texts are long
    (`MOST_PAGE_BYTES`). Raises `Invalid` for a cursor of another list.
    """
    scope = f"{scope or f'{collection.name}:{where!r}'}:{list(order)}"
    matching = [dict(part) for part in (where, visible or {}) if part]
    bounds = [
        after_key(_reversed(order) if is_before else order, decode_cursor(scope, cursor, kinds, name))
        for name, cursor, is_before in (("after", request.after, False), ("before", request.before, True))
        if cursor is not None
    ]
    is_last, wanted = request.last is not None, request.last or request.first
    found = collection.find(_all_of([*matching, *bounds]), limit=wanted + 1)
    shown, has_more = await _first(found.sort(_reversed(order) if is_last else list(order)), wanted)
    if is_last:
        shown.reverse()
    total = None
    if request.count:
        counted = await collection.count_documents(_all_of(matching), limit=MOST_COUNTED + 1)
        total = counted if counted <= MOST_COUNTED else None
    return Page(
        nodes=[read(one) for one in shown],
        cursors=[encode_cursor(scope, [document[field] for field, _ in order]) for document in shown],
        has_next=request.before is not None if is_last else has_more,
        has_previous=has_more if is_last else request.after is not None,
        total=total,
    )


async def _first(found: Any, wanted: int) -> tuple[list[dict[str, Any]], bool]:
    """The first `wanted` documents of a cursor (fewer when their texts are long), and whether there are more."""
    shown: list[dict[str, Any]] = []
    size, has_more = 0, False
    async for document in found.batch_size(MOST_IN_BATCH):
        if len(shown) == wanted or size > MOST_PAGE_BYTES:
            has_more = True
            break
        shown.append(document)
        size += _size(document)
    await found.close()
    return shown, has_more


def _size(value: Any) -> int:
    """The size in bytes of all texts in a value."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode())
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    return sum(map(_size, value)) if isinstance(value, list) else 0


def _all_of(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"$and": list(parts)} if len(parts) > 1 else dict(parts[0]) if parts else {}


def _reversed(order: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(field, -direction) for field, direction in order]


def _mark(scope: str) -> str:
    return hashlib.blake2s(scope.encode(), digest_size=4).hexdigest()
