"""Cursors: opaque, bound to their list, never silently page one."""

import hashlib
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.paging import Kind, after_key, decode_cursor, encode_cursor, page_request

MOMENT = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)


def test_a_cursor_gives_back_its_key() -> None:
    cursor = encode_cursor("events:hub=1", (MOMENT, "evt_1"))
    assert decode_cursor("events:hub=1", cursor, [datetime, str]) == (MOMENT, "evt_1")


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        decode_cursor("events:hub=2", encode_cursor("events:hub=1", ("evt_1",)), [str])
    assert (refused.value.code, refused.value.path) == ("bad_cursor", ("after",))


@given(st.text(max_size=200))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        decode_cursor("events", text, [str])


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**65)
    | st.floats()
    | st.text(max_size=5)
    | st.datetimes().map(lambda moment: {"t": moment.isoformat() + "Z"}),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=3), inside, max_size=3),
    max_leaves=6,
)
KINDS = st.lists(st.sampled_from([str, int, datetime]), max_size=3)


@given(st.lists(JSON, max_size=3) | JSON, KINDS)
def test_a_made_up_cursor_gives_a_key_of_the_kinds_wanted_or_none(values: Any, kinds: list[Kind]) -> None:
    mark = hashlib.blake2s(b"events", digest_size=4).hexdigest()
    made_up = urlsafe_b64encode(json.dumps([mark, values], separators=(",", ":")).encode()).rstrip(b"=").decode()
    problem: Invalid | None = None
    try:
        key = decode_cursor("events", made_up, kinds)
    except Invalid as refused:
        problem = refused
    if problem is not None:
        assert (problem.code, problem.path) == ("bad_cursor", ("after",))
    else:
        assert [type(value) for value in key] == kinds
        assert all(-(2**63) < value < 2**63 for value in key if isinstance(value, int))
        assert encode_cursor("events", key) == made_up


@pytest.mark.parametrize("value", [None, True, 1.5, [1], ["x"], {"$gt": 1}, {"\0": 1}, {"t": 1}, {}, 2**63, 2**64 - 1])
@pytest.mark.parametrize("kind", [str, int, datetime])
def test_only_values_that_a_key_can_have_are_taken(value: Any, kind: Kind) -> None:
    mark = hashlib.blake2s(b"events", digest_size=4).hexdigest()
    made_up = urlsafe_b64encode(json.dumps([mark, [value]], separators=(",", ":")).encode()).rstrip(b"=").decode()
    with pytest.raises(Invalid):
        decode_cursor("events", made_up, [kind])


@pytest.mark.parametrize("first", [0, -1, 101])
def test_a_page_has_one_to_a_hundred(first: int) -> None:
    with pytest.raises(Invalid) as refused:
        page_request(first)
    assert refused.value.path == ("first",)


def test_rows_beyond_a_key_in_mixed_order() -> None:
    assert after_key([("starts_at", 1), ("_id", -1)], [MOMENT, "evt_1"]) == {
        "$or": [{"starts_at": {"$gt": MOMENT}}, {"starts_at": MOMENT, "_id": {"$lt": "evt_1"}}]
    }
