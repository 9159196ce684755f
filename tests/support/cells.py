"""A table of cases in one test: every row is tried, and all failures are reported at the end.

    @cells(("path", "body", "field"), BODIES)
    async def test_a_field_that_does_not_fit_is_named(membership, path, body, field): ...

It checks as much as `pytest.mark.parametrize` and is cheaper: fixtures are made once for the table, not for each row.
Use it for tables with many quick rows. A row can see what earlier rows have changed.
"""

import functools
import inspect
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import pytest

Test = Callable[..., Awaitable[None]]
LONGEST = 2_000  # characters of the report on one failing row


def cells(
    names: str | Sequence[str], rows: Iterable[Any], ids: Iterable[object] | None = None
) -> Callable[[Test], Test]:
    """Run a test once for each row, within one test. `ids` are names for the rows; by default the values are."""
    wanted = (names,) if isinstance(names, str) else tuple(names)
    table = [(row,) if isinstance(names, str) else tuple(row) for row in rows]
    labels = [repr(row)[:200] for row in table] if ids is None else [str(each) for each in ids]

    def around(test: Test) -> Test:
        async def every_cell(**fixtures: Any) -> None:
            failures = []
            for label, row in zip(labels, table, strict=True):
                try:
                    await test(**fixtures, **dict(zip(wanted, row, strict=True)))
                except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - the failure is recorded, and the next row is tried
                    failures.append(f"{label}: {type(error).__name__}: {error}"[:LONGEST])
            assert not failures, f"{len(failures)} of {len(table)} cells fail:\n\n" + "\n\n".join(failures)
            assert table, "an empty table proves nothing"

        signature = inspect.signature(test)
        left = [parameter for name, parameter in signature.parameters.items() if name not in wanted]
        functools.update_wrapper(every_cell, test)
        vars(every_cell).pop("__wrapped__")  # otherwise pytest would treat the row's values as fixtures
        vars(every_cell).update(__signature__=signature.replace(parameters=left), place_as=test)
        return every_cell

    return around
