"""When a delivery is tried, and what each answer means. The schedule is data; everything here is pure.

Ten attempts over about three days. A receiver may ask for more time (`Retry-After`), never for less.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

SCHEDULE = (
    timedelta(seconds=0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""The wait before each attempt, counted from the attempt before it."""

LONGEST_WAIT = timedelta(hours=24)
JITTER = 0.1
"""Up to this share of a wait is added, so that what failed together does not come back together."""

_DELTA_SECONDS = re.compile(r"([0-9]+)(\.[0-9]+)?")


class Meaning(StrEnum):
    """What an answer says about the delivery."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows. Failed with no next attempt: failed for good. Gone: the endpoint is disabled."""

    meaning: Meaning
    next_attempt_at: datetime | None


def meaning_of(status: int | None) -> Meaning:
    """2xx succeeded, 410 gone, all else failed: no answer (`None`) and redirects (not followed) too."""
    if status is None:
        return Meaning.FAILED
    if 200 <= status <= 299:
        return Meaning.SUCCEEDED
    return Meaning.GONE if status == 410 else Meaning.FAILED


def judge(
    attempt_number: int,
    status: int | None,
    now: datetime,
    retry_after: str | None = None,
    rand: Callable[[], float] = random.random,
) -> Verdict:
    """What follows when attempt `attempt_number` (from 1) was answered with `status` (`None`: no answer)."""
    meaning = meaning_of(status)
    again = next_attempt_at(attempt_number, now, retry_after, rand) if meaning is Meaning.FAILED else None
    return Verdict(meaning, again)


def next_attempt_at(
    attempt_number: int,
    now: datetime,
    retry_after: str | None = None,
    rand: Callable[[], float] = random.random,
) -> datetime | None:
    """When to try again after attempt `attempt_number` failed (0: none made yet); `None` when none is left.

    `retry_after` is the receiver's header as it came. The moment is never sooner than the schedule says and
    never later than 24 hours from `now`. `rand` gives a number from 0 up to 1.
    """
    if attempt_number < 0:
        raise ValueError("attempts are counted from 1; 0 stands for none yet")
    if attempt_number >= len(SCHEDULE):
        return None
    asked_for = parse_retry_after(retry_after, now) or timedelta(0)
    wait = max(SCHEDULE[attempt_number], asked_for)
    return now + min(wait + wait * JITTER * rand(), LONGEST_WAIT)


def parse_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """The wait a `Retry-After` header asks for, from 0 to 24 hours; `None` when it is absent or says nothing.

    RFC 9110, section 10.2.3: delta-seconds or an HTTP-date (all three forms of section 5.6.7). Seconds with a
    fraction are taken as well, and rounded up; a date in the past asks for no wait.
    """
    text = (value or "").strip()
    if match := _DELTA_SECONDS.fullmatch(text):
        digits = match[1].lstrip("0")
        # More digits than any acceptable wait has: not worth converting, and Python refuses to beyond 4300.
        seconds = timedelta(seconds=int(digits or "0") + bool(match[2])) if len(digits) <= 6 else LONGEST_WAIT
        return min(seconds, LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max(moment - now, timedelta(0)), LONGEST_WAIT)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
