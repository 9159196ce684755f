"""Waiting: for a probe that succeeds, for one that never does, and for one that raises an error."""

import pytest

from tests.support.waiting import eventually


async def test_what_comes_true_is_returned() -> None:
    answers = iter([None, "", "here"])
    assert await eventually(lambda: next(answers)) == "here"


async def test_an_asserting_probe_comes_true_when_it_stops_raising() -> None:
    tries: list[int] = []

    async def three_times() -> None:
        tries.append(1)
        assert len(tries) == 3

    await eventually(three_times)
    assert len(tries) == 3


async def test_nothing_found_is_not_yet() -> None:
    async def find() -> str | None:
        return None

    with pytest.raises(AssertionError, match="still None after"):
        await eventually(find, within=0.05)


async def test_the_last_assertion_is_raised_again() -> None:
    def never() -> None:
        raise AssertionError("two is not three")

    with pytest.raises(AssertionError, match="two is not three"):
        await eventually(never, within=0.05)


async def test_any_other_exception_is_raised_at_once() -> None:
    tries: list[int] = []

    def broken() -> bool:
        tries.append(1)
        raise KeyError("name")

    with pytest.raises(KeyError):
        await eventually(broken)
    assert len(tries) == 1
