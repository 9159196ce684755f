"""Cursors: opaque, bound to their list, never silently page one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.paging import after_key, decode_cursor, encode_cursor, page_request

MOMENT = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)


def test_a_cursor_gives_back_its_key() -> None:
    cursor = encode_cursor("events:hub=1", (MOMENT, "evt_1"))
    assert decode_cursor("events:hub=1", cursor) == (MOMENT, "evt_1")


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        decode_cursor("events:hub=2", encode_cursor("events:hub=1", ("evt_1",)))
    assert (refused.value.code, refused.value.path) == ("bad_cursor", ("after",))


@given(st.text(max_size=200))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        decode_cursor("events", text)


@pytest.mark.parametrize("first", [0, -1, 101])
def test_a_page_has_one_to_a_hundred(first: int) -> None:
    with pytest.raises(Invalid) as refused:
        page_request(first)
    assert refused.value.path == ("first",)


def test_rows_beyond_a_key_in_mixed_order() -> None:
    assert after_key([("starts_at", 1), ("_id", -1)], [MOMENT, "evt_1"]) == {
        "$or": [{"starts_at": {"$gt": MOMENT}}, {"starts_at": MOMENT, "_id": {"$lt": "evt_1"}}]
    }
