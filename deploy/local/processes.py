"""Starts and ends one child process, and keeps its log.

A child has a session of its own, so that Ctrl-C reaches only the supervisor, which decides the order in which processes
end. The kernel ends a child when the supervisor dies, so that no process outlives it.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path


class StartFailed(Exception):
    """A process ended, or did not become ready in time; the text says which and shows the end of its log."""


class Process:
    """A child process with a name. It writes to `log`; its standard output goes to `output` if that is set.

    Start it from a thread that lives at least as long as the child: for Linux, the end of the *thread* that started it
    counts as the death of the parent.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        output: Path | None = None,
        env: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._output = output
        self._command = [*_ends_with_parent(), *command]
        self._env = dict(env) if env is not None else None
        self._folder = folder
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id; only after `start`."""
        if self._child is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._child.pid

    @property
    def exit_code(self) -> int | None:
        """Its exit code (minus the signal's number if a signal ended it); None before its start and while it runs."""
        return None if self._child is None else self._child.poll()

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start it with a new log. The log of the last run is renamed to `<name>.log.old`."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists():
            self.log.replace(self.log.with_name(self.log.name + ".old"))
        with ExitStack() as files:
            log = files.enter_context(self.log.open("wb"))
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=files.enter_context(self._output.open("wb")) if self._output else log,
                stderr=log,
                env=self._env,
                cwd=self._folder,
                start_new_session=True,
            )

    def wait_until(self, is_ready: Callable[[], bool], within: float) -> None:
        """Wait until `is_ready()`. Raises StartFailed when the process ends first, or after `within` seconds."""
        deadline = time.monotonic() + within
        while True:
            if not self.is_running:
                raise StartFailed(self.ended())
            if is_ready():
                return
            if time.monotonic() > deadline:
                raise StartFailed(self.not_ready(within))
            time.sleep(0.05)

    def ask_to_end(self) -> None:
        """Send SIGTERM and return at once; `stop` waits."""
        if self.is_running:
            self._signal(signal.SIGTERM)

    def stop(self, grace: float = 10.0) -> None:
        """End it: SIGTERM, at most `grace` seconds to finish, then SIGKILL for it and its own children."""
        if self._child is None:
            return
        self.ask_to_end()
        try:
            self._child.wait(grace)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self._signal(signal.SIGKILL, group=True)
            self._child.wait()

    def ended(self) -> str:
        """A text on how it ended, with the end of its log."""
        return f"{self.name} {self._how_it_ended()}. The last lines of {self.log}:\n{self.last_lines()}"

    def not_ready(self, within: float) -> str:
        """A text that it was not ready after `within` seconds, with the end of its log."""
        return f"{self.name} was not ready within {within:.0f} s. The last lines of {self.log}:\n{self.last_lines()}"

    def last_lines(self, count: int = 20) -> str:
        """The last lines of its log, indented."""
        try:
            text = self.log.read_bytes().decode("utf-8", "replace")
        except FileNotFoundError:
            return "  (it wrote nothing)"
        lines = text.splitlines()[-count:]
        return "\n".join(f"  {line}" for line in lines) or "  (it wrote nothing)"

    def _how_it_ended(self) -> str:
        code = self.exit_code
        if code is not None and code < 0:
            return f"was ended by signal {-code} ({signal.strsignal(-code)})"
        return f"ended with {code}"

    def _signal(self, number: signal.Signals, *, group: bool = False) -> None:
        try:
            if group:
                os.killpg(self.pid, number)
            else:
                os.kill(self.pid, number)
        except ProcessLookupError:
            pass


def _ends_with_parent() -> list[str]:
    """The words before a command that make Linux send it SIGTERM when its parent dies."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
