"""Bringing a local stack up, in the foreground or behind, telling how it is, and taking it down."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

from deploy.local.claim import Claim, holder, wait_until_free
from deploy.local.describe import describe, describe_health
from deploy.local.folder import ROOT, Folder, read_json, write_json
from deploy.local.leftovers import end_leftovers
from deploy.local.processes import StartFailed
from deploy.local.stack import Stack

STOP_SECONDS = 90.0


class Interrupted(BaseException):
    """Someone asked us to end: Ctrl-C, SIGTERM, or the terminal was closed."""


def say(text: str) -> None:
    """Print at once; a reader who has gone away is no reason to fail."""
    with suppress(BrokenPipeError):
        print(text, flush=True)


def up(folder: Folder, make_stack: Callable[[], Stack]) -> int:
    """Run a stack until it is interrupted (gives 0) or a part of it ends (gives 1)."""
    folder.make()
    claim = Claim.take(folder.lock)
    if claim is None:
        return _tell_running(folder)
    with claim, _signals_interrupt():
        stack = make_stack()
        began = time.monotonic()
        try:
            say("Starting ...")
            facts = stack.start()
            say(f"Mycelium is ready after {time.monotonic() - began:.0f} s. Ctrl-C or `make down` stops it.\n")
            say(describe(facts))
            write_json(folder.stack, facts)
            ended = stack.watch()
            say(f"{ended.ended()}\nStopping the rest ...")
            return 1
        except StartFailed as failed:
            say(str(failed))
            return 1
        except Interrupted:
            say("Stopping ...")
            return 0
        finally:
            _ignore_signals()
            stack.stop()


def up_detached(folder: Folder, command: Sequence[str]) -> int:
    """Run `command`, which brings the folder's stack up, in the background; return when that is ready or has failed."""
    folder.make()
    if holder(folder.lock) is not None:
        return _tell_running(folder)
    log = folder.log("supervisor")
    with log.open("wb") as output:
        supervisor = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=ROOT,
        )
    with log.open(errors="replace") as written, _signals_interrupt():
        try:
            while True:
                ended, facts = supervisor.poll(), read_json(folder.stack)
                sys.stdout.write(written.read())
                sys.stdout.flush()
                if ended is not None:
                    return ended or 1
                if facts is not None and facts["pids"]["supervisor"] == supervisor.pid:
                    supervisor.returncode = 0  # let go on purpose: whoever takes it down waits for it, not we
                    return 0
                time.sleep(0.1)
        except Interrupted:
            supervisor.terminate()
            supervisor.wait()
            return 1


def status(folder: Folder) -> int:
    """Say what runs and where; gives 0 when everything is ready, else 1."""
    pid = holder(folder.lock)
    facts = read_json(folder.stack)
    if pid is None:
        say("Mycelium is not running.")
        return 1
    if facts is None:
        say(f"Mycelium is starting or stopping (process {pid}).")
        return 1
    health, is_well = describe_health(facts)
    say(f"Mycelium is running (process {pid}).\n\n{describe(facts)}\n\n{health}")
    return 0 if is_well else 1


def down(folder: Folder) -> int:
    """End the folder's stack and wait for its end; gives 0 when nothing of it runs any more."""
    pid = holder(folder.lock)
    if pid is None:
        left = end_leftovers(folder.processes)
        folder.stack.unlink(missing_ok=True)
        say(f"Ended what a killed run had left: {', '.join(left)}." if left else "Mycelium is not running.")
        return 0
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    if not wait_until_free(folder.lock, STOP_SECONDS):
        say(f"Mycelium (process {pid}) has not stopped within {STOP_SECONDS:.0f} s; see {folder.log('supervisor')}.")
        return 1
    say("Mycelium has stopped.")
    return 0


def _tell_running(folder: Folder) -> int:
    pid, facts = holder(folder.lock), read_json(folder.stack)
    if facts is None:
        say(f"Mycelium is starting or stopping already (process {pid}); `make status` says when it is ready.")
    else:
        say(f"Mycelium is running already (process {pid}).\n\n{describe(facts)}")
    return 0


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """Inside the block, the signals that ask a program to end raise Interrupted."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    for number, handler in before.items():
        if number is not signal.SIGHUP or handler is not signal.SIG_IGN:  # nohup means what it says
            signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise Interrupted


def _ignore_signals() -> None:
    """From here on, ending takes its course: a second Ctrl-C must not leave half of it running."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
