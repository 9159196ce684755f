"""Receivers, each in a process of its own, whose answers never end: the attempt ends, and the event loop stays free."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import pytest

from services.notify.deliveries.guard import Guard
from services.notify.deliveries.sending import REPLY_LIMIT, Sender
from tests.support.notify import Notify
from tests.support.pouring import pouring
from tests.support.waiting import eventually

LIMIT = timedelta(seconds=4)
TOO_LONG_A_HEAD = "The head of the answer was too long."
NOT_HTTP = "The answer was not HTTP."
NOT_IN_TIME = "No full answer within 4 seconds."


class Busy:
    """The longest the event loop computed without letting others go on, in seconds of its thread's own time."""

    longest = 0.0


@asynccontextmanager
async def watched() -> AsyncIterator[Busy]:
    """Counts the thread's computing alone, so that a busy machine does not show."""
    busy = Busy()

    async def watch() -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0)
            busy.longest = max(busy.longest, time.thread_time() - before)
            await asyncio.sleep(0.002)

    watching = asyncio.create_task(watch())
    try:
        yield busy
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


@pytest.mark.parametrize(
    ("what", "status", "error"),
    [
        ("interim answers", None, TOO_LONG_A_HEAD),
        ("headers", None, NOT_HTTP),
        ("one header", None, NOT_HTTP),
        ("reason", None, NOT_HTTP),
        ("slow bytes", None, NOT_IN_TIME),
        ("body", 200, None),
        ("tiny chunks", 200, None),
        ("chunk extensions", 200, "The answer was too long."),
    ],
)
async def test_an_answer_without_end_is_an_outcome(what: str, status: int | None, error: str | None) -> None:
    async with pouring(what) as url, Sender(Guard(allow_private=True), total_limit=LIMIT) as sender, watched() as busy:
        outcome = await sender.post(url, {"content-type": "application/cloudevents+json"}, b"{}")
        seen = busy.longest
    assert (outcome.status, outcome.error) == (status, error)
    assert len(outcome.reply) <= REPLY_LIMIT
    assert seen < 0.3
    assert what == "slow bytes" or outcome.milliseconds < LIMIT / timedelta(milliseconds=1)


async def test_trailers_without_end_are_an_outcome() -> None:
    """Whether the status was read before the trailers grew too long depends on how the bytes come in."""
    async with pouring("trailers") as url, Sender(Guard(allow_private=True), total_limit=LIMIT) as sender:
        outcome = await sender.post(url, {"content-type": "application/cloudevents+json"}, b"{}")
    assert (outcome.status, outcome.error) in [(200, "The answer broke off."), (None, NOT_HTTP)]
    assert outcome.milliseconds < LIMIT / timedelta(milliseconds=1)


async def test_a_delivery_to_such_a_receiver_is_a_failed_attempt_and_notify_goes_on(notify: Notify) -> None:
    hub = await notify.a_hub()
    async with pouring("interim answers") as url, watched() as busy:
        await notify.an_endpoint(hub, url)
        for _ in range(8):
            await notify.publish_event(hub)

        async def all_tried() -> None:
            made = await notify.deliveries(hub)
            assert len(made) == 8
            assert all(one["attempts"] for one in made)

        await eventually(all_tried, within=30)
        seen = busy.longest
    for one in await notify.deliveries(hub):
        assert one["status"] == "pending"
        assert {(attempt["status"], attempt["error"]) for attempt in one["attempts"]} == {(None, TOO_LONG_A_HEAD)}
    assert seen < 0.5
