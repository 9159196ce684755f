"""Starts a local stack in the foreground or the background, shows its status, and stops it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn

from deploy.local import ending
from deploy.local.claim import Claim, holder, wait_until_free
from deploy.local.describe import describe, describe_health, describe_trouble
from deploy.local.folder import ROOT, Folder, read_json, write_json
from deploy.local.leftovers import end_leftovers
from deploy.local.processes import StartFailed
from deploy.local.stack import Stack

STOP_SECONDS = 90.0


class Interrupted(BaseException):
    """A signal asked this process to end: Ctrl-C, SIGTERM, or the terminal was closed."""


def say(text: str) -> None:
    """Print at once. A closed pipe is not an error."""
    with suppress(BrokenPipeError):
        print(text, flush=True)


def up(folder: Folder, make_stack: Callable[[], Stack]) -> int:
    """Run a stack until it is interrupted (exit code 0) or one of its parts ends (exit code 1)."""
    folder.make()
    claim = Claim.take(folder.lock)
    if claim is None:
        return _tell_running(folder)
    stack = make_stack()
    why = f"its supervisor failed; see {folder.log('supervisor')}."
    with claim, _signals_interrupt():
        try:
            ending.forget(folder)
            why = _run(folder, stack)
            _ignore_signals()
        except Interrupted:
            why = ending.STOPPED
            say("Stopping ...")
        finally:
            with suppress(OSError):  # the stack must be stopped even if nothing can be written
                ending.record(folder, why)
            stack.stop()
    return 0 if why == ending.STOPPED else 1


def _run(folder: Folder, stack: Stack) -> str:
    """Run a stack until something goes wrong; print what that was, and return it."""
    began = time.monotonic()
    try:
        say("Starting ...")
        facts = stack.start()
        say(f"Mycelium is ready after {time.monotonic() - began:.0f} s. Ctrl-C or `make down` stops it.\n")
        say(describe(facts))
        write_json(folder.stack, facts)
        why = stack.watch().ended()
        say(f"{why}\nStopping the rest ...")
    except (StartFailed, OSError) as failed:
        why = describe_trouble(failed) if isinstance(failed, OSError) else str(failed)
        say(why)
    return why


def up_detached(folder: Folder, command: Sequence[str]) -> int:
    """Run `command`, which starts the folder's stack, in the background. Return when it is ready or has failed."""
    folder.make()
    if _is_started_by_another(folder):
        return 0
    # Append, so that two starts at the same time do not overwrite each other's lines.
    with folder.log("supervisor").open("ab+", buffering=0) as log:
        shown = log.tell()
        supervisor = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, cwd=ROOT
        )
        try:
            with _signals_interrupt():
                while True:
                    ended = supervisor.poll()
                    shown += _show(log.fileno(), shown)
                    if ended is not None:
                        break
                    if _facts(folder, supervisor.pid) is not None:
                        supervisor.returncode = 0  # not waited for on purpose: `down` waits for its end
                        return 0
                    time.sleep(0.1)
        except Interrupted:
            say("Stopping ...")
            supervisor.terminate()
            supervisor.wait()
            return 1
    if ended < 0:
        say(ending.describe(folder))
    return 0 if ended == 0 and _is_started_by_another(folder) else 1


def _show(log: int, position: int) -> int:
    """Print a log's content from `position` on; return the number of bytes printed."""
    written = os.pread(log, 1_000_000, position)
    if written:
        with suppress(BrokenPipeError):
            sys.stdout.write(written.decode(errors="replace"))
            sys.stdout.flush()
    return len(written)


def _is_started_by_another(folder: Folder) -> bool:
    """If another process has started the stack, wait until it is ready (and print where) or has ended."""
    waiting = False
    while (pid := holder(folder.lock)) is not None:
        facts = _facts(folder, pid)
        if facts is not None:
            say(f"Mycelium is running already (process {pid}).\n\n{describe(facts)}")
            return True
        if not waiting:
            say(f"Mycelium is starting or stopping already (process {pid}); waiting for that.")
            waiting = True
        time.sleep(0.1)
    return False


def _facts(folder: Folder, supervisor: int) -> dict[str, Any] | None:
    """The facts that this supervisor wrote, or `None` if it has not yet."""
    facts = read_json(folder.stack)
    return facts if isinstance(facts, dict) and facts["pids"]["supervisor"] == supervisor else None


def status(folder: Folder) -> int:
    """Print what runs and where; return 0 when everything is ready, else 1."""
    pid = holder(folder.lock)
    if pid is None:
        say(ending.describe(folder))
        return 1
    facts = _facts(folder, pid)
    if facts is None:
        say(f"Mycelium is starting or stopping (process {pid}).")
        return 1
    health, is_well = describe_health(facts)
    say(f"Mycelium is running (process {pid}).\n\n{describe(facts)}\n\n{health}")
    return 0 if is_well else 1


def down(folder: Folder) -> int:
    """Stop the folder's stack and wait until it has ended; return 0 when nothing of it runs."""
    pid = holder(folder.lock)
    if pid is None:
        left = end_leftovers(folder.processes)
        folder.stack.unlink(missing_ok=True)
        say(f"Ended processes of a killed run: {', '.join(left)}." if left else "Mycelium is not running.")
        return 0
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    if not wait_until_free(folder.lock, STOP_SECONDS):
        say(f"Mycelium (process {pid}) has not stopped within {STOP_SECONDS:.0f} s; see {folder.log('supervisor')}.")
        return 1
    say("Mycelium has stopped.")
    return 0


def _tell_running(folder: Folder) -> int:
    pid = holder(folder.lock)
    facts = None if pid is None else _facts(folder, pid)
    if facts is None:
        say(f"Mycelium is starting or stopping already (process {pid}); `make status` says when it is ready.")
    else:
        say(f"Mycelium is running already (process {pid}).\n\n{describe(facts)}")
    return 0


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """Inside the block, SIGINT, SIGTERM and SIGHUP raise Interrupted."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    for number, handler in before.items():
        if number is not signal.SIGHUP or handler is not signal.SIG_IGN:  # respect `nohup`
            signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    _ignore_signals()
    raise Interrupted


def _ignore_signals() -> None:
    """Ignore further signals, so that a second Ctrl-C does not interrupt the shutdown."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Not SIG_IGN: Python would print a warning about a signal that arrived just before.
        signal.signal(number, _do_nothing)


def _do_nothing(number: int, frame: FrameType | None) -> None:
    pass
