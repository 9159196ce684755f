"""Who runs the stack of a folder: one supervisor at a time, known by a lock the kernel drops when it dies."""

import fcntl
import json
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self


class Claim:
    """The right to run a folder's stack. Use as a context; `take` gives one, or None when another has it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """Claim `path`, or None when a living process holds it."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        # `holder` locks for an instant to look; being refused once is no proof that someone stays.
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
    """The process id of the living supervisor that holds `path`, or None when there is none."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        if _try_lock(descriptor):
            return None
        # The lock says that the writer lives; so the number is its own and not a later process's.
        written = os.pread(descriptor, 100, 0)
        return int(json.loads(written)["pid"]) if written else None
    finally:
        os.close(descriptor)


def wait_until_free(path: Path, within: float) -> bool:
    """Wait until nobody holds `path`; whether that came true within so many seconds."""
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
