"""How a local stack ends when things go wrong, and what its operator is told of it then and later."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.control import down, status
from deploy.local.folder import ROOT
from tests.deploy.throwaway import Run, are_gone, read
from tests.support.waiting import eventually


def told(run: Run, capfd: pytest.CaptureFixture[str]) -> str:
    """What `make status` says of a stack that does not run."""
    capfd.readouterr()
    assert status(run.folder) == 1
    return capfd.readouterr().out


async def test_status_says_which_part_ended_how_and_its_last_words(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    process = run.start()
    facts = await run.facts()
    with pytest.raises(OSError, match="closed"):
        read(f"{facts['services']['two']}/die")
    assert process.wait(30) == 1
    said = told(run, capfd)
    assert "not running. It ended at 20" in said
    assert "two ended with 3. The last lines of" in said
    assert "a last word" in said

    process = run.start()
    os.kill((await run.facts())["pids"]["one"], signal.SIGKILL)
    assert process.wait(30) == 1
    said = told(run, capfd)
    assert "one was ended by signal 9 (Killed)" in said
    assert "a last word" not in said


async def test_status_says_that_it_was_stopped(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    assert told(run, capfd) == "Mycelium is not running.\n"
    run.start()
    await run.facts()
    assert down(run.folder) == 0
    assert "not running: it was stopped at 20" in told(run, capfd)


def test_status_says_why_a_start_failed(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    (run.path / "code" / "tinydemo.py").write_text("raise SystemExit('no such hub')")
    assert run.start().wait(60) == 1
    said = told(run, capfd)
    assert "demo ended with 1" in said
    assert "no such hub" in said


async def test_status_says_that_the_supervisor_was_killed(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    process = run.start()
    await run.facts()
    process.kill()
    process.wait(10)
    assert "supervisor was killed, or the machine went down" in told(run, capfd)
    down(run.folder)
    assert told(run, capfd) == "Mycelium is not running.\n"


async def test_it_ends_all_it_started_though_its_folder_has_become_unusable(run: Run) -> None:
    process = run.start()
    facts = await run.facts()
    run.folder.path.rename(run.path / "elsewhere")
    run.folder.path.write_text("a file")
    with pytest.raises(OSError, match="closed"):
        read(f"{facts['services']['two']}/die")
    assert process.wait(30) == 1
    assert are_gone(facts["pids"])
    assert "Mycelium cannot go on: Not a directory" in run.said()
    assert "Traceback" not in run.said()
    run.folder.path.unlink()


@pytest.mark.parametrize("words", [["up"], ["up", "--detach"], ["status"], ["down"]])
def test_a_folder_that_cannot_be_used_is_said_in_one_sentence(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "file").touch()
    command = [sys.executable, "-m", "deploy.local", "--folder", str(tmp_path / "file" / "folder"), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(f"Mycelium cannot go on: Not a directory: {tmp_path}/file/folder")
    assert done.stdout.count("\n") == 1


async def test_interrupted_twice_while_starting_it_ends_in_order(run: Run) -> None:
    process = run.start()
    await eventually(lambda: (run.path / "stack" / "logs" / "gateway.log").exists(), within=60)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert "Stopping ..." in run.said()
    assert "Traceback" not in run.said()
    assert not run.folder.processes.exists()


def heeds_interrupts() -> None:
    """Ctrl-C is ignored by whatever a shell runs in the background, and so by its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_interrupted_before_anything_runs_it_ends_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "pymongo.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGINT)")
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local", "--folder", str(tmp_path / "folder"), "up"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=heeds_interrupts,
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


async def test_of_two_starts_at_once_one_runs_and_both_return_when_it_is_ready(run: Run) -> None:
    starts = [Run(run.path, run.env, output=f"start-{number}", detach=True) for number in range(2)]
    processes = [start.start() for start in starts]
    assert [process.wait(60) for process in processes] == [0, 0]
    facts = await run.facts()
    for start in starts:
        assert facts["graphql"] in start.said()
    assert sum("Mycelium is ready" in start.said() for start in starts) >= 1
    assert status(run.folder) == 0


async def test_two_stacks_that_start_at_once_do_not_choose_the_same_ports(run: Run) -> None:
    other = Run(run.path / "other", {**run.env, "MYCELIUM_NAMESPACE": "other"})
    (run.path / "other").mkdir()
    (run.path / "other" / "code").symlink_to(run.path / "code")
    try:
        run.start()
        other.start()
        first, second = await run.facts(), await other.facts()
        assert {*first["services"].values()}.isdisjoint(second["services"].values())
    finally:
        other.end()
