"""The examples do what they are for, on requests signed by notify's own hand."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from deploy.local.ports import answers, free_ports
from services.notify.deliveries.signing import make_secret, signature_headers
from shared.context import Cause
from shared.ids import new_id
from shared.messaging.envelope import seal
from tests.contracts.samples import a_message
from tests.docs.pages import ROOT, blocks
from tests.support.waiting import eventually

NODE = shutil.which("node")
RECEIVERS = {
    "python": [sys.executable, "examples/webhook_receiver.py", "--port", "{port}"],
    "node": [NODE or "", "examples/webhook_receiver.mjs"],
}


@dataclass
class Running:
    """An example receiver: where it listens, what it is told is the secret, and what it prints."""

    url: str
    secret: str
    output: Path

    async def send(self, body: bytes, headers: dict[str, str]) -> int:
        """POST to it; gives the status it answers."""
        async with aiohttp.ClientSession() as http, http.post(self.url, data=body, headers=headers) as response:
            return response.status

    def heard(self) -> list[str]:
        """The lines it printed, one a message."""
        return [line for line in self.output.read_text().splitlines() if ".v1 " in line]


@asynccontextmanager
async def running(command: Sequence[str], folder: Path) -> AsyncIterator[Running]:
    (port,) = free_ports(0)
    receiver = Running(f"http://127.0.0.1:{port}/", make_secret(), folder / "output")
    with receiver.output.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(word.format(port=port) for word in command),
            cwd=ROOT,
            env={**os.environ, "WEBHOOK_SECRET": receiver.secret, "PORT": str(port)},
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
        )
    try:
        await eventually(lambda: answers(port))
        yield receiver
    finally:
        process.kill()
        await process.wait()


@pytest.fixture(params=RECEIVERS)
async def receiver(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Running]:
    """Each of the two example receivers."""
    if request.param == "node" and NODE is None:
        pytest.skip("there is no node here")
    async with running(RECEIVERS[request.param], tmp_path) as started:
        yield started


def a_webhook(*secrets: str, at: datetime | None = None) -> tuple[dict[str, str], bytes]:
    """The headers and the body of a webhook as notify sends it, signed by each secret."""
    from shared.contracts.events import EventPublished

    cause = Cause(correlation=new_id("req"), traceparent="00")
    id_, body = seal(a_message(EventPublished), source="events", cause=cause, subject="evt_1", hub=new_id("hub"))
    return signature_headers(id_, at or datetime.now(UTC), body, secrets), body


async def test_a_good_webhook_is_taken_once(receiver: Running) -> None:
    headers, body = a_webhook(receiver.secret)
    assert [await receiver.send(body, headers) for _ in range(3)] == [204, 204, 204]
    await eventually(receiver.heard)
    other, other_body = a_webhook(make_secret(), receiver.secret)
    assert await receiver.send(other_body, other) == 204
    await eventually(lambda: len(receiver.heard()) >= 2)
    assert [line.split()[1] for line in receiver.heard()] == [headers["webhook-id"], other["webhook-id"]]


async def test_what_is_not_ours_is_refused(receiver: Running) -> None:
    headers, body = a_webhook(receiver.secret)
    bad: list[tuple[bytes, dict[str, str]]] = [
        (body + b" ", headers),
        (body, {**headers, "webhook-id": new_id("msg")}),
        (body, {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}),
        (body, {**headers, "webhook-timestamp": "soon"}),
        (body, {**headers, "webhook-signature": ""}),
        (body, {name: value for name, value in headers.items() if name != "webhook-signature"}),
        (body, a_webhook(make_secret())[0]),
    ]
    for old in (timedelta(minutes=-6), timedelta(minutes=6)):
        late, late_body = a_webhook(receiver.secret, at=datetime.now(UTC) + old)
        bad.append((late_body, late))
    assert [await receiver.send(*one) for one in bad] == [400] * len(bad)
    assert receiver.heard() == []


async def test_a_receiver_without_a_secret_says_what_to_do(tmp_path: Path) -> None:
    for name, command in RECEIVERS.items():
        if name == "node" and NODE is None:
            continue
        env = {**os.environ, "WEBHOOK_SECRET": ""}
        process = await asyncio.create_subprocess_exec(
            *(word.format(port=1) for word in command), cwd=ROOT, env=env, stderr=asyncio.subprocess.PIPE
        )
        _, said = await process.communicate()
        assert process.returncode == 2
        assert b"WEBHOOK_SECRET" in said


def test_verifying_as_the_guide_shows_it_in_python() -> None:
    (shown,) = blocks(ROOT / "docs" / "developer.md", "python")
    room: dict[str, Any] = {}
    exec(shown.text, room)
    secret = make_secret()
    headers, body = a_webhook(make_secret(), secret)
    assert room["verify"](headers, body, secret) == json.loads(body)
    with pytest.raises(Exception, match="signature"):
        room["verify"](headers, body + b" ", secret)
    with pytest.raises(Exception, match="old"):
        room["verify"](*a_webhook(secret, at=datetime.now(UTC) - timedelta(minutes=6)), secret)


@pytest.mark.skipif(NODE is None, reason="there is no node here")
async def test_verifying_as_the_guide_shows_it_in_node(tmp_path: Path) -> None:
    (shown,) = blocks(ROOT / "docs" / "developer.md", "js")
    tries = (
        "const { headers, body, secret } = JSON.parse(process.argv[2]);\nconsole.log(verify(headers, body, secret).id);"
    )
    (tmp_path / "verify.mjs").write_text(f"{shown.text}\n{tries}\n")
    secret = make_secret()
    headers, body = a_webhook(make_secret(), secret)
    old, old_body = a_webhook(secret, at=datetime.now(UTC) - timedelta(minutes=6))

    async def verified(headers: dict[str, str], body: bytes) -> str:
        given = json.dumps({"headers": headers, "body": body.decode(), "secret": secret})
        process = await asyncio.create_subprocess_exec(
            *(str(NODE), str(tmp_path / "verify.mjs"), given),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        return (await process.communicate())[0].decode().strip()

    assert await verified(headers, body) == headers["webhook-id"]
    assert await verified(headers, body + b" ") == ""
    assert await verified(old, old_body) == ""


async def test_a_site_says_when_nothing_answers() -> None:
    (port,) = free_ports(0)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "examples/hub_site.py", "north-east"),
        cwd=ROOT,
        env={**os.environ, "MYCELIUM_GRAPHQL": f"http://127.0.0.1:{port}/graphql", "MYCELIUM_KEY": "x"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, said = await process.communicate()
    assert (process.returncode, out) == (1, b"")
    assert b"does not answer" in said
