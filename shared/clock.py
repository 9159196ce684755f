"""The one place where the wall clock is read. Rules take `now` as an argument and never call this."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current time: aware, in UTC, truncated to the millisecond, as MongoDB stores it."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def iso(moment: datetime) -> str:
    """`2026-03-05T12:30:00.000Z`: RFC 3339, UTC, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
