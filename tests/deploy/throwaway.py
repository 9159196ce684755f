"""A local stack around tiny applications, so that the supervisor is tested without the product it runs.

Run as `python -m tests.deploy.throwaway FOLDER [--detach]`; `FOLDER/code` must hold what `write_code` writes.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from deploy.local.applications import Application
from deploy.local.control import say, up, up_detached
from deploy.local.folder import ROOT, Folder, read_json
from deploy.local.leftovers import started_at
from deploy.local.stack import Stack
from tests.support.waiting import eventually

APPLICATION = '''
import os
import sys


def create_app():
    """Ready at once; /die ends the process, /env tells what the application was told."""

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            while True:
                message = await receive()
                await send({"type": message["type"] + ".complete"})
                if message["type"] == "lifespan.shutdown":
                    return
        if scope["path"] == "/die":
            print("a last word", file=sys.stderr, flush=True)
            os._exit(3)
        body = "\\n".join(f"{k}={v}" for k, v in os.environ.items() if k.startswith("MYCELIUM_"))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body.encode()})

    return app
'''

DEMO = """
import json, os
hub = {"slug": "north-east", "name": "North East"}
print(json.dumps({"hub": hub, "keys": {"operator": "o", "hub": "key-of-hub", "partner": "p"}}))
"""


def write_code(folder: Path) -> None:
    """Write the application and the demo."""
    code = folder / "code"
    code.mkdir(parents=True)
    (code / "tiny.py").write_text(APPLICATION)
    (code / "tinydemo.py").write_text(DEMO)


def make_stack(path: Path) -> Stack:
    """A stack of two services and a gateway, all of them the tiny application."""
    return Stack(
        Folder(path / "stack"),
        os.environ,
        say,
        services=[Application("one", "tiny", 8301), Application("two", "tiny", 8302)],
        gateway=Application("gateway", "tiny", 8300),
        demo="tinydemo",
        code=path / "code",
    )


class Run:
    """A supervisor in a process of its own."""

    def __init__(self, path: Path, env: dict[str, str], output: str = "output", *, detach: bool = False) -> None:
        self.path = path
        self.folder = Folder(path / "stack")
        self.command = [sys.executable, "-m", "tests.deploy.throwaway", str(path)]
        self.command += ["--detach"] if detach else []
        self.env = env
        self.output = path / output
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        """Start it; it is not ready yet."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.process

    async def facts(self) -> dict[str, Any]:
        """What stack.json says, once it is there."""

        def ready() -> dict[str, Any] | None:
            assert self.process is None or self.process.poll() is None, self.output.read_text()
            facts: dict[str, Any] | None = read_json(self.folder.stack)
            return facts

        return await eventually(ready, within=60)

    def said(self) -> str:
        """All it printed."""
        return self.output.read_text()

    def end(self) -> None:
        """End it, whatever became of it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)


def read(url: str) -> str:
    """What a GET answers."""
    with urlopen(url, timeout=10) as response:
        return str(response.read(), "utf-8")


def are_gone(pids: dict[str, int]) -> bool:
    """Whether none of these processes lives."""
    return all(started_at(pid) is None for pid in pids.values())


if __name__ == "__main__":
    here = Path(sys.argv[1])
    if "--detach" in sys.argv:
        sys.exit(up_detached(Folder(here / "stack"), [sys.executable, "-m", "tests.deploy.throwaway", str(here)]))
    sys.exit(up(Folder(here / "stack"), lambda: make_stack(here)))
