"""Running what a page shows, against a stack with the demo community, as a reader would who pastes it."""

import asyncio
import contextlib
import json
import os
import re
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.applications import SERVICES
from tests.docs.pages import Block, blocks
from tests.support.stack import Stack

WITHIN = 120.0
_PROBLEMS = re.compile(r'"errors": ?\[|"problems": ?\[ ?\{')
_MARK = re.compile(r"^@@(\d+)@@\n", re.MULTILINE)


@dataclass(frozen=True)
class Demo:
    """A running stack with the demo community, and a folder that looks like the repository of who runs it."""

    stack: Stack
    folder: Path
    facts: Mapping[str, Any]

    @property
    def key(self) -> str:
        """The key of the demo's hub."""
        return str(self.facts["keys"]["hub"])

    @property
    def environment(self) -> dict[str, str]:
        """What a shell there has: the settings of this stack, since its command is not told by `make up`."""
        settings = self.stack.settings
        ours = {
            "MYCELIUM_MONGO_URL": settings.mongo_url,
            "MYCELIUM_AMQP_URL": settings.amqp_url,
            "MYCELIUM_NAMESPACE": settings.namespace,
            "MYCELIUM_PUBLIC_URL": settings.public_url,
            **{f"MYCELIUM_{each.name.upper()}_URL": settings.service_url(each.name) for each in SERVICES},
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MYCELIUM_")}
        return {**inherited, **ours}


async def run_session(demo: Demo, page: Path) -> list[tuple[Block, str]]:
    """Run all `sh` blocks of a page in one shell; gives what each printed. Fails where a command does."""
    session = blocks(page, "sh")
    script = "".join(f"{block.text}\nprintf '\\n@@{number}@@\\n'\n" for number, block in enumerate(session))
    shell = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", script),
        cwd=demo.folder,
        env={**demo.environment, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(WITHIN):
            out, _ = await shell.communicate()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
        await shell.wait()
    said = out.decode()
    parts = _MARK.split(said)
    assert shell.returncode == 0, f"{session[len(parts) // 2].name} ended with {shell.returncode}:\n{said[-3000:]}"
    return list(zip(session, parts[::2], strict=False))


def see_output(block: Block, out: str) -> None:
    """Fail unless a block printed what it should, and no problems but those that are meant."""
    assert bool(_PROBLEMS.search(out)) == block.may_have_problems, f"{block.name}:\n{out}"
    missing = [part for part in block.shows if part not in out]
    assert not missing, f"{block.name} does not show {missing}:\n{out}"


async def see_query(demo: Demo, block: Block) -> None:
    """Send a `graphql` block as a reader would who pastes it; fail unless all of it is answered with something."""
    answer = await demo.stack.ask(block.text, key=demo.key)
    assert "errors" not in answer, f"{block.name}: {json.dumps(answer['errors'], indent=1)}"
    for name, value in answer["data"].items():
        assert value, f"{block.name}: {name} is {value}"
        assert value.get("edges", True), f"{block.name}: {name} is an empty list"
