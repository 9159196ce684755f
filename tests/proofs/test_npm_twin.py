"""The npm package `standardwebhooks` verifies our signatures, as a receiver written in JavaScript would."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from tests.support.acting import Community, hears
from tests.support.receiver import Receiver

pytestmark = pytest.mark.slow
PACKAGE = "standardwebhooks@1"
CHECK = """
import { Webhook } from 'standardwebhooks';
let text = '';
for await (const chunk of process.stdin) text += chunk;
const { secret, body, headers, tampered } = JSON.parse(text);
const verdict = (payload) => {
  try { new Webhook(secret).verify(payload, headers); return 'accepted'; } catch { return 'refused'; }
};
console.log(JSON.stringify([verdict(body), verdict(tampered)]));
"""


@pytest.mark.skipif(shutil.which("npm") is None, reason="there is no npm on this machine")
async def test_the_npm_twin_accepts_what_we_sign_and_refuses_what_was_changed(
    community: Community, receiver: Receiver, tmp_path: Path
) -> None:
    (tmp_path / "package.json").write_text('{"private": true, "type": "module"}')
    (tmp_path / "check.mjs").write_text(CHECK)
    await run(tmp_path, "npm", "install", "--no-audit", "--no-fund", "--silent", PACKAGE)
    _, secret = await community.an_endpoint(receiver, ["membership.group_joined"])
    await community.a_person(joins=True)
    heard = await hears(receiver, "membership.group_joined.v1")
    body = heard.body.decode()
    values = {"secret": secret, "body": body, "headers": dict(heard.headers), "tampered": body.replace("v1", "v2", 1)}
    assert json.loads(await run(tmp_path, "node", "check.mjs", text=json.dumps(values))) == ["accepted", "refused"]


async def run(folder: Path, *command: str, text: str = "") -> str:
    """Run a command in the folder; return its output."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await process.communicate(text.encode())
    assert process.returncode == 0, errors.decode()
    return out.decode()
