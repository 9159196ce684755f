"""What each process of the ledger serves: an application of the product, broken on purpose if the run asks for that."""

import importlib
import os
from typing import Any

from tests.proofs import breakage

VARIABLE = "MYCELIUM_TEST_APPLICATION"


def create_app() -> Any:
    """The application whose module the environment names."""
    breakage.apply()
    return importlib.import_module(os.environ[VARIABLE]).create_app()
