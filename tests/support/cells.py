"""A table in one test: every cell is tried, and all that fail are told at the end.

    @cells(("path", "body", "field"), BODIES)
    async def test_a_field_that_does_not_fit_is_named(membership, path, body, field): ...

As strong as `pytest.mark.parametrize`, and cheaper: fixtures are made once a table and not once a cell. For tables of
many quick cells; what one cell leaves behind, the next one finds.
"""

import functools
import inspect
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import pytest

Test = Callable[..., Awaitable[None]]
LONGEST = 2_000  # of what is told of one failing cell, in characters


def cells(
    names: str | Sequence[str], rows: Iterable[Any], ids: Iterable[object] | None = None
) -> Callable[[Test], Test]:
    """Run a test once for each row, within one test. `ids` name the rows; without them the values do."""
    wanted = (names,) if isinstance(names, str) else tuple(names)
    table = [(row,) if isinstance(names, str) else tuple(row) for row in rows]
    labels = [repr(row)[:200] for row in table] if ids is None else [str(each) for each in ids]

    def around(test: Test) -> Test:
        async def every_cell(**fixtures: Any) -> None:
            failures = []
            for label, row in zip(labels, table, strict=True):
                try:
                    await test(**fixtures, **dict(zip(wanted, row, strict=True)))
                except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - it fails, and the next is tried
                    failures.append(f"{label}: {type(error).__name__}: {error}"[:LONGEST])
            assert not failures, f"{len(failures)} of {len(table)} cells fail:\n\n" + "\n\n".join(failures)
            assert table, "an empty table proves nothing"

        signature = inspect.signature(test)
        left = [parameter for name, parameter in signature.parameters.items() if name not in wanted]
        functools.update_wrapper(every_cell, test)
        vars(every_cell).pop("__wrapped__")  # or pytest would ask for the cell's values as for fixtures
        vars(every_cell).update(__signature__=signature.replace(parameters=left), place_as=test)
        return every_cell

    return around
