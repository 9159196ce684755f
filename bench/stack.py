"""Runs the whole product as `make up` does, in a temporary folder."""

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
    """Run a stack while the block runs; yields the content of its stack.json."""
    with tempfile.TemporaryDirectory(prefix="mycelium-bench-") as name:
        command = [sys.executable, "-m", "deploy.local", "--folder", name]
        subprocess.run([*command, "up", "--detach"], check=True)
        try:
            facts: dict[str, Any] = json.loads((Path(name) / "stack.json").read_text())
            yield facts
        finally:
            subprocess.run([*command, "down"], check=True)
