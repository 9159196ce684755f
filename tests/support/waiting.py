"""Waits until something becomes true, instead of sleeping for a fixed time."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")


@overload
async def eventually(probe: Callable[[], Awaitable[T | None]], within: float = ...) -> T: ...
@overload
async def eventually(probe: Callable[[], T | None], within: float = ...) -> T: ...
async def eventually(probe: Callable[[], Any], within: float = 10.0) -> Any:
    """Call `probe` (plain or async) until it succeeds, and return its result.

    A probe with a result succeeds when the result is truthy. A probe declared `-> None` asserts, and succeeds when it
    returns. In both, an AssertionError means "not yet"; any other exception is raised at once. The waits grow from 5 ms
    to 200 ms. After `within` seconds, the last AssertionError is raised again, or one that shows the last result.
    """
    asserts = getattr(probe, "__annotations__", {}).get("return", probe) in (None, "None")
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within
    wait = 0.005
    while True:
        answer: Any = None
        refusal: AssertionError | None = None
        try:
            answer = probe()
            if inspect.isawaitable(answer):
                answer = await answer
            if asserts or answer:
                return answer
        except AssertionError as error:
            refusal = error
        left = deadline - loop.time()
        if left <= 0:
            raise refusal or AssertionError(f"still {answer!r} after {within:g} s: {probe!r}")
        await asyncio.sleep(min(wait, left))
        wait = min(wait * 1.5, 0.2)
