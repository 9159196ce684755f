"""`@cells` runs every row of a table and reports each failure."""

import inspect

import pytest

from tests.support.cells import cells


async def test_every_cell_is_tried_and_all_that_fail_are_reported() -> None:
    tried = []

    @cells(("number", "limit"), [(1, 5), (7, 5), (2, 5), (9, 5)])
    async def a_test(number: int, limit: int) -> None:
        tried.append(number)
        assert number < limit, f"{number} is too much"

    with pytest.raises(AssertionError, match="2 of 4 cells fail") as failed:
        await a_test()
    assert tried == [1, 7, 2, 9]
    assert "(7, 5): AssertionError: 7 is too much" in str(failed.value)
    assert "(9, 5): AssertionError: 9 is too much" in str(failed.value)


async def test_a_cell_that_ends_in_an_error_fails_and_is_named() -> None:
    @cells("number", [0, 1], ids=["nothing", "one"])
    async def a_test(number: int) -> None:
        assert 1 / number

    with pytest.raises(AssertionError, match=r"1 of 2 cells fail:\n\nnothing: ZeroDivisionError"):
        await a_test()


async def test_a_cell_that_raises_nothing_where_it_should_fails() -> None:
    @cells("number", [0, 1])
    async def a_test(number: int) -> None:
        with pytest.raises(ZeroDivisionError):
            assert 1 / number

    with pytest.raises(AssertionError, match=r"1 of 2 cells fail:\n\n\(1,\): Failed: DID NOT RAISE"):
        await a_test()


async def test_an_empty_table_proves_nothing() -> None:
    @cells("number", [])
    async def a_test(number: int) -> None:
        pass

    with pytest.raises(AssertionError, match="empty table"):
        await a_test()


def test_only_fixtures_are_left_to_ask_for() -> None:
    @cells("number", [1])
    async def a_test(number: int, fixture: str) -> None:
        """What it shows."""

    assert list(inspect.signature(a_test).parameters) == ["fixture"]
    assert (a_test.__name__, a_test.__doc__) == ("a_test", "What it shows.")


@cells("half", ["ab", "cd"])
@pytest.mark.parametrize("whole", ["abcd"])
async def test_it_goes_with_parameters_and_fixtures(whole: str, half: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert half in whole
