"""Ids: typed, sortable, and refused with the field named when they are of another kind."""

import re
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from shared.errors import Invalid
from shared.ids import IdType, encode, expect, new_id, prefix_of


def test_ids_of_one_process_sort_in_the_order_they_were_made() -> None:
    made = [new_id("evt") for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


@given(st.integers(0, 2**128 - 1), st.integers(0, 2**128 - 1))
def test_encoding_keeps_order(one: int, other: int) -> None:
    assert (one < other) == (encode(one) < encode(other))


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "evt",
        "evt_",
        "evt_short",
        "EVT_" + "0" * 26,
        "evt_" + "u" * 26,
        "evt_8" + "0" * 25,
        "evt_" + "0" * 26 + "\n",
        "\nevt_" + "0" * 26,
        "evt_" + "0" * 26 + " ",
    ],
)
def test_what_is_no_id_has_no_prefix(bad: str) -> None:
    assert prefix_of(bad) is None


def test_an_id_of_another_kind_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        expect(new_id("hub"), "evt", ("input", "event"))
    assert (refused.value.code, refused.value.path) == ("bad_id", ("input", "event"))


def test_the_schema_of_an_id_says_which_texts_are_taken() -> None:
    kind = TypeAdapter(Annotated[str, IdType("hub")])
    pattern = kind.json_schema()["pattern"]
    for text in (new_id("hub"), new_id("grp"), "hub_", "hub_short", "hub_" + "8" * 26, "hub_" + "u" * 26, ""):
        is_taken = prefix_of(text) == "hub"
        assert (re.search(pattern, text) is not None) == is_taken, text
