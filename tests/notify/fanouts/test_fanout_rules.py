"""Which messages get their deliveries at once, as a plain function. Nothing is started for it."""

from services.notify.fanouts.model import MOST_AT_ONCE, delivered_at_once


def test_all_are_delivered_at_once_while_they_fit() -> None:
    half = MOST_AT_ONCE // 2
    assert delivered_at_once({"m1": "a", "m2": "b"}, {"m1": half, "m2": half}) == {"m1", "m2"}
    assert delivered_at_once({}, {}) == set()


def test_the_hub_with_the_fewest_deliveries_comes_first() -> None:
    hub_of = {"m1": "busy", "m2": "busy", "m3": "quiet"}
    counts = {"m1": MOST_AT_ONCE - 10, "m2": 5, "m3": 8}
    assert delivered_at_once(hub_of, counts) == {"m3", "m1"}, "8 first; then 990 fit, and 5 more do not"


def test_a_message_that_does_not_fit_leaves_room_for_a_smaller_one() -> None:
    hub_of = {"m1": "a", "m2": "b", "m3": "c"}
    assert delivered_at_once(hub_of, {"m1": MOST_AT_ONCE + 1, "m2": 3, "m3": MOST_AT_ONCE - 3}) == {"m2", "m3"}


def test_a_message_that_nobody_hears_is_done_at_once() -> None:
    assert delivered_at_once({"m1": "a", "m2": "a"}, {"m1": MOST_AT_ONCE, "m2": 0}) == {"m1", "m2"}
