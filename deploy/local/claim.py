"""Ensures that one supervisor at a time runs a folder's stack: it holds a lock that the kernel releases at its end."""

import fcntl
import json
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self


class Claim:
    """The right to run a folder's stack. `take` returns one; use it as a context manager."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """Claim `path`; return None when a running process holds it."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        # `holder` takes the lock for an instant to check it, so one refusal does not prove that somebody holds it.
        for attempt in range(5):
            if attempt:
                time.sleep(0.05)
            if _try_lock(descriptor):
                os.ftruncate(descriptor, 0)
                os.write(descriptor, json.dumps({"pid": os.getpid()}).encode())
                return cls(descriptor)
        os.close(descriptor)
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def holder(path: Path) -> int | None:
    """The process id of the running supervisor that holds `path`, or None."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        if _try_lock(descriptor):
            return None
        # The lock proves that the writer is running, so the id cannot belong to a later process.
        written = os.pread(descriptor, 100, 0)
        return int(json.loads(written)["pid"]) if written else None
    finally:
        os.close(descriptor)


def wait_until_free(path: Path, within: float) -> bool:
    """Wait until nobody holds `path`; return whether this happened within so many seconds."""
    deadline = time.monotonic() + within
    while holder(path) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
