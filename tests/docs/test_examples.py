"""The examples do what they are for, on requests signed by notify's own hand."""

import asyncio
import html
import json
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
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
from tests.docs.running import Demo
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
    from shared.contracts.events.events import EventPublished

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


async def test_a_receiver_whose_port_is_taken_says_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        env = {**os.environ, "WEBHOOK_SECRET": make_secret(), "PORT": str(port)}
        for name, command in RECEIVERS.items():
            if name == "node" and NODE is None:
                continue
            code, out, said = await run([word.format(port=port) for word in command], env)
            assert (code, out) == (2, "")
            assert said.startswith(f"Port {port} cannot be used (")
            assert len(said.splitlines()) == 1


async def test_without_a_stack_the_shell_functions_say_what_to_do(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MYCELIUM_")}
    script = f"source {ROOT}/examples/ask.sh; ask '{{ viewer {{ kind }} }}' | pick data.viewer.kind"
    code, out, said = await run(["bash", "-c", script], env, tmp_path)
    assert (code, out) == (1, "")
    assert said.splitlines() == [
        "No Mycelium runs here: start it with `make up`, or set MYCELIUM_GRAPHQL and MYCELIUM_KEY.",
        "Nothing was answered.",
    ]


async def test_the_shell_functions_follow_a_stack_that_moved(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MYCELIUM_")}
    (tmp_path / ".mycelium").mkdir()
    at = "http://127.0.0.1:1/graphql"
    (tmp_path / ".mycelium" / "stack.json").write_text(json.dumps({"graphql": at, "keys": {"hub": "one"}}))
    script = f"source {ROOT}/examples/ask.sh; ask x; sed -i s/one/two/ .mycelium/stack.json; fact keys hub; ask x"
    code, out, said = await run(["bash", "-c", script], env, tmp_path)
    assert (code, out) == (1, "two\n")
    assert said.count("curl: (7)") == 2


async def test_a_hubs_page_shows_as_many_public_events_as_it_has_room_for(demo: Demo) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    asked = f'{{ hub(slug: "national") {{ events(filter: {{from: "{now}", statuses: [PUBLISHED]}}, first: 100) '
    asked += "{ edges { node { title visibility } } } } }"
    answer = await demo.stack.ask(asked, key=demo.facts["keys"]["operator"])
    coming = [edge["node"] for edge in answer["data"]["hub"]["events"]["edges"]]
    public = [event["title"] for event in coming if event["visibility"] == "PUBLIC"]
    assert any(event["visibility"] != "PUBLIC" for event in coming[:10])
    env = {**os.environ, "MYCELIUM_GRAPHQL": demo.stack.graphql, "MYCELIUM_KEY": demo.facts["keys"]["operator"]}
    code, out, said = await run([sys.executable, "examples/hub_site.py", "national"], env)
    assert (code, said) == (0, "")
    shown = out.partition("<h2>Coming up</h2>")[2].partition("<h2>")[0].split("<p>")[1:]
    assert len(shown) == min(10, len(public))
    assert all(html.escape(title) in line for title, line in zip(public, shown, strict=False))


async def test_a_hubs_page_without_a_key_says_what_to_do() -> None:
    env = {name: value for name, value in os.environ.items() if name != "MYCELIUM_KEY"}
    code, out, said = await run([sys.executable, "examples/hub_site.py", "north-east"], env)
    assert (code, out, said) == (2, "", "Set MYCELIUM_KEY to the hub's key: myc_live_…\n")


async def run(command: Sequence[str], env: Mapping[str, str], folder: Path = ROOT) -> tuple[int | None, str, str]:
    """Run a command to its end; gives its exit code, what it printed, and what it complained of."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60):
        out, said = await process.communicate()
    return process.returncode, out.decode(), said.decode()


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
