"""Child processes: their start, their end, and the end of what a killed supervisor left."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.local.claim import Claim, holder
from deploy.local.folder import read_json
from deploy.local.leftovers import end_leftovers, remember, started_at
from deploy.local.ports import free_port, free_ports, reserve_ports
from deploy.local.processes import Process, StartFailed
from tests.support.waiting import eventually

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
WITH_DEAF_CHILD = (
    "import subprocess, sys\n"
    f"child = subprocess.Popen([sys.executable, '-c', {DEAF!r}])\n"
    "print(child.pid, flush=True); child.wait()"
)
SLEEPER = "import time; print('up', flush=True); time.sleep(60)"


def python(name: str, folder: Path, code: str) -> Process:
    """A process that runs some Python."""
    return Process(name, [sys.executable, "-c", code], log=folder / f"{name}.log")


def talking(code: str) -> tuple[subprocess.Popen[str], str]:
    """Some Python in a process of its own, and the first line it printed."""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline()


def deaf_child_of(process: Process) -> int:
    """The id of the child of a process that runs WITH_DEAF_CHILD, once that is deaf."""
    while "deaf" not in process.last_lines():
        time.sleep(0.01)
    return int(process.last_lines().split()[0])


def test_a_process_that_ends_while_starting_shows_its_last_words(tmp_path: Path) -> None:
    process = python("brief", tmp_path, "raise SystemExit('no room here')")
    process.start()
    with pytest.raises(StartFailed, match=r"(?s)brief ended with 1.*no room here"):
        process.wait_until(lambda: False, within=20)
    process.stop()


def test_a_process_that_is_not_ready_in_time_is_named(tmp_path: Path) -> None:
    process = python("slow", tmp_path, SLEEPER)
    process.start()
    try:
        with pytest.raises(StartFailed, match="slow was not ready within"):
            process.wait_until(lambda: False, within=0.1)
    finally:
        process.stop()
    assert process.exit_code == -signal.SIGTERM


async def test_ending_a_process_ends_what_it_started(tmp_path: Path) -> None:
    process = python("parent", tmp_path, WITH_DEAF_CHILD)
    process.start()
    child = deaf_child_of(process)
    process.stop()
    await eventually(lambda: started_at(child) is None)


async def test_a_process_deaf_to_sigterm_is_killed_after_its_grace(tmp_path: Path) -> None:
    process = python("deaf", tmp_path, DEAF)
    process.start()
    await eventually(lambda: "deaf" in process.last_lines())
    process.stop(grace=0.2)
    assert process.exit_code == -signal.SIGKILL


def test_the_log_of_the_run_before_is_kept(tmp_path: Path) -> None:
    for word in ("first", "second"):
        process = python("talker", tmp_path, f"print('{word}')")
        process.start()
        while process.is_running:
            time.sleep(0.01)
        process.stop()
    assert (tmp_path / "talker.log").read_text() == "second\n"
    assert (tmp_path / "talker.log.old").read_text() == "first\n"


async def test_a_process_ends_when_what_started_it_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from deploy.local.processes import Process\n"
        f"p = Process('child', [sys.executable, '-c', {SLEEPER!r}], log=Path({str(tmp_path)!r}) / 'child.log')\n"
        "p.start(); print(p.pid, flush=True); time.sleep(60)"
    )
    parent, first_line = talking(code)
    child = int(first_line)
    await eventually(lambda: "up" in (tmp_path / "child.log").read_text())
    parent.kill()
    parent.communicate()
    await eventually(lambda: started_at(child) is None)


def test_what_a_killed_supervisor_left_is_ended_with_its_children(tmp_path: Path) -> None:
    process = python("parent", tmp_path, WITH_DEAF_CHILD)
    process.start()
    remember(tmp_path / "processes.json", {"parent": process.pid})
    child = deaf_child_of(process)
    assert end_leftovers(tmp_path / "processes.json", grace=0.2) == ["parent"]
    assert started_at(process.pid) is None
    assert started_at(child) is None
    assert not (tmp_path / "processes.json").exists()
    process.stop()


def test_a_process_that_got_the_number_of_one_of_ours_is_left_alone(tmp_path: Path) -> None:
    process = python("stranger", tmp_path, SLEEPER)
    process.start()
    try:
        path = tmp_path / "processes.json"
        remember(path, {"stranger": process.pid})
        [entry] = read_json(path)
        path.write_text(f'[{{"name": "ours", "pid": {process.pid}, "started": {entry["started"] - 1}}}]')
        assert end_leftovers(path, grace=0.2) == []
        assert process.is_running
    finally:
        process.stop()


def test_one_claim_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert holder(path) is None
    claim = Claim.take(path)
    assert claim is not None
    with claim:
        assert holder(path) == os.getpid()
        assert Claim.take(path) is None
    assert holder(path) is None
    again = Claim.take(path)
    assert again is not None
    with again:
        pass


def test_a_claim_ends_with_its_holder_however_that_dies(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    code = (
        "import time; from pathlib import Path; from deploy.local.claim import Claim\n"
        f"claim = Claim.take(Path({str(path)!r})); print('held', flush=True); time.sleep(60)"
    )
    other, first_line = talking(code)
    assert first_line == "held\n"
    assert holder(path) == other.pid
    other.kill()
    other.communicate()
    assert holder(path) is None


def test_a_taken_port_is_not_chosen_and_a_free_one_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port(port) != port
        assert len({port, *free_ports(port, port, 0)}) == 4
    assert free_port(port) == port


def test_a_port_that_another_stack_is_about_to_use_is_not_chosen() -> None:
    (port,), (held,) = reserve_ports(0)
    with held:
        (other,), (name,) = reserve_ports(port)
        name.close()
        assert other != port
    (again,), (name,) = reserve_ports(port)
    name.close()
    assert again == port
