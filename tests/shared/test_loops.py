"""What runs in the background of a service."""

import asyncio
from typing import Any

import pytest

from shared.app import _for_ever

SERVICE: Any = None  # a loop is handed the service's parts; these use none


async def test_a_loop_begins_again_after_an_error_and_after_a_stray_cancellation() -> None:
    ends = [RuntimeError("broken"), asyncio.CancelledError()]

    async def loop(service: Any) -> None:
        if ends:
            raise ends.pop()

    await asyncio.wait_for(_for_ever(loop, SERVICE), 10)
    assert ends == []


async def test_a_loop_that_is_asked_to_stop_stops() -> None:
    begun = asyncio.Event()

    async def loop(service: Any) -> None:
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(_for_ever(loop, SERVICE))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 10)
