"""The whole product in processes of its own, as `make up` starts it, in a temporary folder."""

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def running_stack() -> Iterator[dict[str, Any]]:
    """Start a stack detached, give what its stack.json says, end it."""
    with tempfile.TemporaryDirectory(prefix="mycelium-bench-") as name:
        command = [sys.executable, "-m", "deploy.local", "--folder", name]
        subprocess.run([*command, "up", "--detach"], check=True)
        try:
            facts: dict[str, Any] = json.loads((Path(name) / "stack.json").read_text())
            yield facts
        finally:
            subprocess.run([*command, "down"], check=True)
