"""Attempts of a hub that has many under way begin one after the other, as long as another hub sends too."""

from datetime import timedelta

from services.notify.deliveries.pace import FEW, OTHERS_COUNT_FOR, Pace

GAP = 0.25
NOW = 1000.0


def a_pace() -> Pace:
    return Pace(timedelta(seconds=GAP))


def test_a_hub_alone_is_not_held_back() -> None:
    pace = a_pace()
    assert {pace.wait("one", 30, NOW) for _ in range(50)} == {0}


def test_a_hub_with_many_under_way_is_spaced_while_another_sends() -> None:
    pace = a_pace()
    assert pace.wait("calm", 1, NOW) == 0
    assert [pace.wait("busy", 30, NOW) for _ in range(4)] == [0, GAP, 2 * GAP, 3 * GAP]
    assert pace.wait("busy", 30, NOW + GAP) == 3 * GAP


def test_a_hub_with_few_under_way_begins_at_once() -> None:
    pace = a_pace()
    for _ in range(20):
        pace.wait("busy", 30, NOW)
    assert {pace.wait("calm", FEW, NOW) for _ in range(20)} == {0}


def test_who_has_not_sent_for_a_while_holds_nobody_back() -> None:
    pace = a_pace()
    pace.wait("calm", 1, NOW)
    assert pace.wait("busy", 30, NOW) == 0
    assert pace.wait("busy", 30, NOW) == GAP
    later = NOW + OTHERS_COUNT_FOR.total_seconds() + 0.1
    assert {pace.wait("busy", 30, later) for _ in range(5)} == {0}
