"""Tests on several cores (`pytest -n 2`): the controller starts MongoDB and RabbitMQ once, for all its workers.

It does so while the workers collect. Workers keep apart by their namespaces, as test modules do.
"""

import json
import tempfile
import threading
import time
from pathlib import Path

import pytest

from tests.support.parts import Parts

START_SECONDS = 150.0
KEY = "mycelium_parts"  # under this name a worker is told where the addresses will be written


class SharedParts:
    """The controller's: parts for all workers, whose addresses are written to `written` as soon as they are ready."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="mycelium-shared-")
        self.written = Path(self._folder.name) / "parts.json"
        self._over = threading.Event()
        # One thread from start to end: the kernel ends the processes with the thread that started them.
        self._thread = threading.Thread(target=self._keep, name="parts")

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End them, after the last worker."""
        self._over.set()
        self._thread.join()
        self._folder.cleanup()

    def _keep(self) -> None:
        parts = Parts()
        try:
            try:
                parts.start(mongo=True, amqp=True)
                self._write({"mongo": parts.mongo_url(), "amqp": parts.amqp_url()})
            except Exception as error:  # noqa: BLE001 - the workers tell of it
                self._write({"error": str(error)})
            self._over.wait()
        finally:
            parts.stop()

    def _write(self, content: dict[str, str]) -> None:
        half = self.written.with_suffix(".new")
        half.write_text(json.dumps(content))
        half.replace(self.written)


class HandedParts:
    """A worker's: the parts that the controller started."""

    def __init__(self, written: Path) -> None:
        self._written = written

    def mongo_url(self) -> str:
        """The replica set's URL, once it takes writes."""
        return self._read()["mongo"]

    def amqp_url(self) -> str:
        """The broker's URL, once it answers."""
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
    """What a worker was told by the controller."""
    workerinput: dict[str, str] = vars(config)["workerinput"]
    return HandedParts(Path(workerinput[KEY]))
