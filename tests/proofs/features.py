"""The rows of the authorisation proofs that features keep beside their other tests.

`tests/<service>/<feature>/authorisation.py` holds `READS` and `WRITES`, rows as in `test_authorisation_graphql.py`, and
`prepare(world)`, which makes what they need. A feature that brings such a file edits no table.
"""

import importlib
from functools import cache
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parent.parent


@cache
def rows_of_features() -> tuple[Any, ...]:
    """The modules with such rows, in the order of their names."""
    found = sorted(TESTS.glob("*/*/authorisation.py"))
    return tuple(importlib.import_module(f"tests.{file.parts[-3]}.{file.parts[-2]}.authorisation") for file in found)
