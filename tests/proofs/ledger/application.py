"""The application that each process of the ledger serves, with a guarantee broken if the run has `--break`."""

import importlib
import os
from typing import Any

from tests.proofs import breakage

VARIABLE = "MYCELIUM_TEST_APPLICATION"


def create_app() -> Any:
    """Create the application whose module is named in the environment."""
    breakage.apply()
    return importlib.import_module(os.environ[VARIABLE]).create_app()
