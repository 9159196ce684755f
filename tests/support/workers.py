"""Tests on several cores (`pytest -n 2`): the controller starts MongoDB and RabbitMQ once, for all its workers.

It does so while the workers collect tests. Each test module of each worker has its own namespace.
"""

import json
import tempfile
import threading
import time
from pathlib import Path

import pytest

from tests.support.parts import Parts

START_SECONDS = 150.0
KEY = "mycelium_parts"  # under this name a worker receives the path of the file with the addresses


class SharedParts:
    """In the controller: the parts for all workers. Their addresses are written to `written` when they are ready."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="mycelium-shared-")
        self.written = Path(self._folder.name) / "parts.json"
        self._over = threading.Event()
        # One thread from start to stop: the kernel ends the processes with the thread that started them.
        self._thread = threading.Thread(target=self._keep, name="parts")

    def start(self) -> None:
        """Start in the background, and return at once."""
        self._thread.start()

    def stop(self) -> None:
        """Stop them, after the last worker has ended."""
        self._over.set()
        self._thread.join()
        self._folder.cleanup()

    def _keep(self) -> None:
        parts = Parts()
        try:
            try:
                parts.start(mongo=True, amqp=True)
                self._write({"mongo": parts.mongo_url(), "amqp": parts.amqp_url()})
            except Exception as error:  # noqa: BLE001 - the workers report it
                self._write({"error": str(error)})
            self._over.wait()
        finally:
            parts.stop()

    def _write(self, content: dict[str, str]) -> None:
        half = self.written.with_suffix(".new")
        half.write_text(json.dumps(content))
        half.replace(self.written)


class HandedParts:
    """In a worker: the parts that the controller started."""

    def __init__(self, written: Path) -> None:
        self._written = written

    def mongo_url(self) -> str:
        """Wait until the replica set accepts writes; return its URL."""
        return self._read()["mongo"]

    def amqp_url(self) -> str:
        """Wait until the broker answers; return its URL."""
        return self._read()["amqp"]

    def _read(self) -> dict[str, str]:
        deadline = time.monotonic() + START_SECONDS
        while not self._written.exists():
            if time.monotonic() > deadline:
                raise TimeoutError(f"MongoDB and RabbitMQ were not ready within {START_SECONDS:.0f} s")
            time.sleep(0.02)
        content: dict[str, str] = json.loads(self._written.read_text())
        if "error" in content:
            raise RuntimeError(content["error"])
        return content


def handed_to(config: pytest.Config) -> HandedParts:
    """The parts that the controller handed to this worker."""
    workerinput: dict[str, str] = vars(config)["workerinput"]
    return HandedParts(Path(workerinput[KEY]))
