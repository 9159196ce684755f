"""Finds the rows of the authorisation proofs that features have beside their other tests.

`tests/<service>/<feature>/authorisation.py` holds `READS` and `WRITES`, rows as in `test_authorisation_graphql.py`, and
`prepare(world)`, which creates what they need. A feature with such a file need not change a table.
"""

import importlib
from functools import cache
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parent.parent


@cache
def rows_of_features() -> tuple[Any, ...]:
    """The modules with such rows, sorted by name."""
    found = sorted(TESTS.glob("*/*/authorisation.py"))
    return tuple(importlib.import_module(f"tests.{file.parts[-3]}.{file.parts[-2]}.authorisation") for file in found)
