"""A MongoDB and a RabbitMQ that keep running between test runs: `make test-parts`, `make test-parts-stop`.

A supervisor in the background holds a lock while it runs, and both parts end with it. A test run that finds the lock
free starts its own parts, whatever files a killed supervisor left. The data are deleted when the parts stop.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType

from deploy.local.claim import Claim, holder, wait_until_free
from deploy.local.folder import ROOT, read_json, write_json
from deploy.local.leftovers import end_leftovers, remember

FOLDER = ROOT / ".mycelium" / "test-parts"
START_SECONDS = 120.0
STOP_SECONDS = 60.0


@dataclass(frozen=True)
class Standing:
    """The URLs of the running parts, and the process id of their supervisor."""

    pid: int
    mongo_url: str
    amqp_url: str


def find_standing(folder: Path = FOLDER) -> Standing | None:
    """The parts that `make test-parts` left running in this folder, or None."""
    pid = holder(folder / "lock")
    written = read_json(folder / "parts.json") if pid is not None else None
    # If an earlier supervisor wrote it, its parts no longer run.
    return Standing(**written) if isinstance(written, dict) and written["pid"] == pid else None


def start(folder: Path = FOLDER) -> int:
    """Start them in the background, wait until both are ready, and return the exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "supervisor.log"
    with log.open("ab") as output:
        # If a supervisor runs already, this one ends at once.
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "tests.support.standing", "run", str(folder)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while (standing := find_standing(folder)) is None:
        is_gone = supervisor.poll() is not None and holder(folder / "lock") is None
        if is_gone or time.monotonic() > deadline:
            print(f"MongoDB and RabbitMQ did not start; the end of {log}:\n{log.read_text(errors='replace')[-3000:]}")
            return 1
        time.sleep(0.05)
    if supervisor.poll() is None:
        supervisor.returncode = 0  # not waited for on purpose: `stop` waits for it
    print(f"Test runs in this checkout use these; `make test-parts-stop` ends them.\n{standing.mongo_url}")
    print(standing.amqp_url)
    return 0


def run(folder: Path) -> int:
    """The supervisor: keep the parts running until a signal arrives or one of them ends."""
    from tests.support.parts import Parts

    claim = Claim.take(folder / "lock")
    if claim is None:
        return 0
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    with claim:
        end_leftovers(folder / "processes.json")
        shutil.rmtree(folder / "data", ignore_errors=True)
        parts = Parts(folder / "data")
        try:
            parts.begin(mongo=True, amqp=True)
            remember(folder / "processes.json", {one.name: one.pid for one in parts.processes})
            ready = Standing(os.getpid(), parts.mongo_url(), parts.amqp_url())
            write_json(folder / "parts.json", asdict(ready))
            while all(one.is_running for one in parts.processes):
                time.sleep(0.5)
            print(*(one.ended() for one in parts.processes if not one.is_running), sep="\n", flush=True)
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            (folder / "parts.json").unlink(missing_ok=True)
            parts.stop()
            (folder / "processes.json").unlink(missing_ok=True)
    return 1


def stop(folder: Path = FOLDER) -> int:
    """Stop them, delete their data, and return the exit code."""
    pid = holder(folder / "lock")
    if pid is None:
        end_leftovers(folder / "processes.json")
        shutil.rmtree(folder, ignore_errors=True)
        print("No MongoDB and RabbitMQ were left running for tests.")
        return 0
    os.kill(pid, signal.SIGTERM)
    if not wait_until_free(folder / "lock", STOP_SECONDS):
        print(f"They have not stopped within {STOP_SECONDS:.0f} s; see {folder / 'supervisor.log'}.")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    print("MongoDB and RabbitMQ for tests have stopped.")
    return 0


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def main(arguments: Sequence[str]) -> int:
    """`start`, `stop`, or (what `start` runs) `run FOLDER`."""
    match arguments:
        case ["start"]:
            return start()
        case ["stop"]:
            return stop()
        case ["run", folder]:
            return run(Path(folder))
        case _:
            print(__doc__)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
