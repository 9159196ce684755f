"""Whatever one caller sends, another's trivial query is answered meanwhile.

What is measured is the processor's time between two turns of the event loop, which does not grow while other programs
run. It is to be 100 ms at the most; the bound here leaves room for slow machines.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from graphql import ExecutionResult, execute, parse
from strawberry.utils.await_maybe import await_maybe

from gateway.graph.executor import executor_for
from gateway.graph.schema import executable
from tests.gateway.community import Community
from tests.gateway.costly import SHAPES

LONGEST_TURN = 0.3


class Turns:
    """How many turns of the event loop there were, and how long the longest took the processor, in seconds."""

    def __init__(self) -> None:
        self.number = 0
        self.longest = 0.0


@asynccontextmanager
async def turns() -> AsyncIterator[Turns]:
    """Measure the turns of the event loop for as long as the block runs."""
    seen = Turns()

    async def watch() -> None:
        last = time.thread_time()
        while True:
            await asyncio.sleep(0)
            now = time.thread_time()
            seen.number += 1
            seen.longest = max(seen.longest, now - last)
            last = now

    watching = asyncio.create_task(watch())
    try:
        yield seen
    finally:
        await asyncio.sleep(0)
        watching.cancel()


async def longest_turn(community: Community, body: bytes, key: str | None = None) -> float:
    """Send a request; gives how long its longest turn took. Of three times, the shortest."""
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {key}"} if key else {})
    times: list[float] = []
    while len(times) < 3 and min(times, default=1.0) > LONGEST_TURN / 3:
        async with (
            turns() as seen,
            community.stack.http.post(community.stack.graphql, data=body, headers=headers) as answer,
        ):
            assert answer.status in {200, 400}
            await answer.read()
        times.append(seen.longest)
    return min(times)


@pytest.mark.parametrize("shape", SHAPES)
async def test_no_request_keeps_others_waiting(community: Community, shape: str) -> None:
    assert await longest_turn(community, SHAPES[shape]()) < LONGEST_TURN


async def test_a_large_answer_is_completed_in_turns_and_is_the_same() -> None:
    """10,000 fields that graphql-core completes: at once they take some 300 ms."""
    schema = executable()
    assert schema.query_type is not None
    places = " ".join(f"a{n}: place {{ name latitude }}" for n in range(30))
    query = parse(f"{{ events {{ edges {{ cursor node {{ id title {places} }} }} }} }}")
    node = {"id": "evt_1", "title": "A workshop", "place": {"name": "Newcastle", "latitude": 54.978}}
    wrong = {**node, "place": {"name": None, "latitude": 1.5}}
    nodes = [wrong if number % 10 == 5 else node for number in range(100)]
    page = {"edges": [{"cursor": "c", "node": each} for each in nodes]}
    field = schema.query_type.fields["events"]
    resolve, field.resolve = field.resolve, lambda source, info, **arguments: page
    try:
        boundless = SimpleNamespace(spend=lambda fields, characters: None)
        at_once = execute(schema, query, {}, context_value=boundless)
        async with turns() as seen:
            in_turns = await await_maybe(
                execute(schema, query, {}, context_value=boundless, executor_class=executor_for(schema))
            )
    finally:
        field.resolve = resolve
    assert isinstance(at_once, ExecutionResult)
    assert in_turns.data == at_once.data
    assert sorted(map(str, in_turns.errors or ())) == sorted(map(str, at_once.errors or ()))
    assert len(in_turns.errors or ()) == 300
    assert seen.number > 5
