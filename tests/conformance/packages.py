"""The npm packages that these tests ask, and programs that run on them.

`npm ci --ignore-scripts` in this folder installs them in the versions of `package-lock.json`; a test that finds others
does so itself. Nothing of them is part of the product.
"""

import asyncio
import contextlib
import json
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")


async def install() -> None:
    """Install the packages, unless those of the lock are there."""
    lock, installed = HERE / "package-lock.json", HERE / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        await run(HERE, *INSTALL)


async def run(folder: Path, *command: str, given: Any = None) -> str:
    """Run a command there with this as JSON on its input; gives what it printed."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await process.communicate(json.dumps(given).encode())
    assert process.returncode == 0, errors.decode() or out.decode()
    return out.decode()


@contextlib.asynccontextmanager
async def serving(program: Path, folder: Path, **environment: str) -> AsyncIterator[str]:
    """A program of these packages that prints its address once it serves; gives the address.

    It runs as a copy in `folder`, as with somebody who copied it.
    """
    for path in (program, *program.parent.glob("*.graphql")):
        shutil.copy(path, folder)
    if not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(HERE / "node_modules")
    process = await asyncio.create_subprocess_exec(
        "node",
        program.name,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    said: list[str] = []
    try:
        async with asyncio.timeout(60):
            while not (said and said[-1].startswith("http")):
                line = await process.stdout.readline()
                assert line, f"{program.name} ended: {''.join(said)}"
                said.append(line.decode().strip())
        yield said[-1]
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
