"""Ends the processes that a killed supervisor left running.

Two brokers or two databases would damage a data folder, so a new supervisor first ends the processes of the last one. A
process is identified by its id *and* its start time, because ids are used again.
"""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from deploy.local.folder import read_json, write_json

PROC = Path("/proc")


def remember(path: Path, pids: dict[str, int]) -> None:
    """Record which processes run, by name, with their start times."""
    started = ((name, pid, started_at(pid)) for name, pid in pids.items())
    write_json(path, [{"name": n, "pid": pid, "started": at} for n, pid, at in started if at is not None])


def end_leftovers(path: Path, grace: float = 20.0) -> list[str]:
    """End every recorded process that still runs, with its whole session; return the names of those found."""
    found = []
    for entry in read_json(path) or []:
        members = _session_of(int(entry["pid"]), int(entry["started"]))
        if members:
            found.append(str(entry["name"]))
            _end(members, grace)
    path.unlink(missing_ok=True)
    return found


def started_at(pid: int) -> int | None:
    """When a process began, in clock ticks since the machine's start (proc(5), stat field 22); None if it is gone."""
    fields = _stat(pid)
    return None if fields is None else int(fields[19])


def _session_of(pid: int, started: int) -> list[tuple[int, int]]:
    """The running processes of the session that `pid` led, as (pid, started); none if the id was used again."""
    now = started_at(pid)
    if now is not None and now != started:
        return []
    members = []
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        fields = _stat(int(entry.name))
        if fields is not None and int(fields[3]) == pid and int(fields[19]) >= started:
            members.append((int(entry.name), int(fields[19])))
    return members


def _end(members: Iterable[tuple[int, int]], grace: float) -> None:
    for number, wait in ((signal.SIGTERM, grace), (signal.SIGKILL, 5.0)):
        for pid, started in members:
            if started_at(pid) == started:
                os.kill(pid, number)
        deadline = time.monotonic() + wait
        while any(started_at(pid) == started for pid, started in members):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        else:
            return


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat from the third on (state first); None when the process is gone or a zombie."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields
