"""The shape of a key: told from other credentials, and refused without a look-up when mistyped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import new_id
from shared.keys import key_prefix, looks_like_key, new_key, parse_key

KEY_ID = new_id("key")
KEY = new_key(KEY_ID)


def test_a_key_names_its_record_and_hides_its_secret() -> None:
    parsed = parse_key(KEY)
    assert parsed is not None
    assert parsed.key_id == KEY_ID
    assert KEY.startswith(f"{key_prefix(KEY_ID)}_")
    assert key_prefix(KEY_ID) == f"myc_live_{KEY_ID[4:]}"
    assert KEY not in repr(parsed)
    assert new_key(KEY_ID) != KEY


@given(position=st.integers(9, len(KEY) - 1), other=st.sampled_from("0Aaz9Z_-é\x00 "))
def test_a_key_with_any_character_wrong_is_refused(position: int, other: str) -> None:
    mistyped = KEY[:position] + other + KEY[position + 1 :]
    assert (parse_key(mistyped) is None) == (mistyped != KEY)


WRONG = ["", KEY[:-1], KEY + "0", KEY + "\n", f" {KEY}", KEY.upper(), KEY[9:], "myc_live_"]


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_what_is_cut_off_or_longer_is_refused(text: str) -> None:
    assert parse_key(text) is None


def test_keys_are_told_from_access_tokens() -> None:
    assert looks_like_key(KEY)
    assert looks_like_key("myc_live_mistyped")
    assert not looks_like_key("eyJhbGciOiJFZERTQSJ9.e30.AAAA")


def test_a_key_belongs_to_a_keys_id() -> None:
    with pytest.raises(ValueError, match="key_"):
        new_key(new_id("per"))
