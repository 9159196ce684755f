"""The retry schedule, the receiver's wishes, and what each status means."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.deliveries.schedule import (
    LONGEST_WAIT,
    SCHEDULE,
    Meaning,
    Verdict,
    judge,
    meaning_of,
    next_attempt_at,
    parse_retry_after,
)

NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)


def no_jitter() -> float:
    return 0.0


def most_jitter() -> float:
    return 0.999999


def wait_after(attempt: int, retry_after: str | None = None) -> timedelta:
    at = next_attempt_at(attempt, NOW, retry_after, no_jitter)
    assert at is not None
    return at - NOW


def test_ten_attempts_wait_as_the_product_says() -> None:
    waits = [wait_after(attempt) for attempt in range(10)]
    minute, hour = 60, 3600
    seconds = [0, 5, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour]
    assert waits == [timedelta(seconds=each) for each in seconds]


def test_after_the_tenth_attempt_there_is_no_other() -> None:
    assert next_attempt_at(10, NOW, None, no_jitter) is None
    assert next_attempt_at(10, NOW, "5", no_jitter) is None


def test_a_negative_count_of_attempts_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        next_attempt_at(-1, NOW)


def test_jitter_adds_up_to_a_tenth() -> None:
    at = next_attempt_at(2, NOW, None, most_jitter)
    assert at is not None
    assert timedelta(minutes=5, seconds=29) < at - NOW < timedelta(minutes=5, seconds=30)


def test_the_default_jitter_spreads_attempts() -> None:
    assert len({next_attempt_at(4, NOW) for _ in range(20)}) > 1


def test_the_first_attempt_is_at_once_whatever_the_jitter() -> None:
    assert next_attempt_at(0, NOW, None, most_jitter) == NOW


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (" 120\t", timedelta(seconds=120)),
        ("120.2", timedelta(seconds=121)),
        ("0", timedelta(0)),
        ("000000000060", timedelta(seconds=60)),
        ("86401", LONGEST_WAIT),
        ("9" * 5000, LONGEST_WAIT),
        ("Thu, 05 Mar 2026 12:40:00 GMT", timedelta(minutes=10)),
        ("Thursday, 05-Mar-26 12:40:00 GMT", timedelta(minutes=10)),
        ("Thu Mar  5 12:40:00 2026", timedelta(minutes=10)),
        ("Thu, 05 Mar 2026 13:40:00 +0100", timedelta(minutes=10)),
        ("Thu, 05 Mar 2026 12:00:00 GMT", timedelta(0)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
    ],
)
def test_retry_after_is_read_in_every_form(header: str, wait: timedelta) -> None:
    assert parse_retry_after(header, NOW) == wait


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        " ",
        "soon",
        "-5",
        "+5",
        "1e3",
        "٣٠",
        "12O",
        "Thu, 99 Foo 2026 99:99:99 GMT",
        "5, 10",
        "\x00",
        "5\n6",
    ],
)
def test_a_retry_after_that_says_nothing_is_passed_over(header: str | None) -> None:
    assert parse_retry_after(header, NOW) is None
    assert wait_after(1, header) == SCHEDULE[1]


@given(st.text(max_size=60))
def test_no_text_makes_retry_after_fail_or_leave_its_bounds(header: str) -> None:
    wait = parse_retry_after(header, NOW)
    assert wait is None or timedelta(0) <= wait <= LONGEST_WAIT


def test_retry_after_puts_an_attempt_off() -> None:
    assert wait_after(1, "3600") == timedelta(hours=1)


def test_retry_after_never_brings_an_attempt_forward() -> None:
    assert wait_after(4, "1") == SCHEDULE[4]


@given(
    st.integers(0, 9),
    st.one_of(st.none(), st.integers(0, 10**12).map(str)),
    st.floats(0, 1, exclude_max=True),
)
def test_a_wait_is_never_shorter_than_scheduled_nor_longer_than_a_day(
    attempt: int, retry_after: str | None, luck: float
) -> None:
    at = next_attempt_at(attempt, NOW, retry_after, lambda: luck)
    assert at is not None
    assert SCHEDULE[attempt] <= at - NOW <= LONGEST_WAIT


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_2xx_succeeded(status: int) -> None:
    assert judge(1, status, NOW, "60", no_jitter) == Verdict(Meaning.SUCCEEDED, None)


def test_410_is_gone_and_not_tried_again() -> None:
    assert judge(1, 410, NOW, "60", no_jitter) == Verdict(Meaning.GONE, None)


@pytest.mark.parametrize("status", [None, 100, 101, 199, 300, 301, 302, 304, 307, 308, 400, 404, 429, 500, 503, 999])
def test_everything_else_failed_and_is_tried_again(status: int | None) -> None:
    assert meaning_of(status) is Meaning.FAILED
    assert judge(1, status, NOW, None, no_jitter) == Verdict(Meaning.FAILED, NOW + timedelta(seconds=5))


def test_the_receivers_wish_is_honoured_in_the_verdict() -> None:
    assert judge(1, 429, NOW, "90", no_jitter) == Verdict(Meaning.FAILED, NOW + timedelta(seconds=90))


def test_the_last_failure_is_for_good() -> None:
    assert judge(9, 500, NOW, None, no_jitter).next_attempt_at == NOW + timedelta(hours=24)
    assert judge(10, 500, NOW, "5", no_jitter) == Verdict(Meaning.FAILED, None)
