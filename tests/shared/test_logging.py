"""What a process writes: one JSON object a line, from the first to the last, and nothing alarming when all is well."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from deploy.local.ports import answers, free_port
from shared.messaging import broker
from shared.messaging.broker import Broker
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int, Path]]:
    """A gateway by itself, as it is started everywhere: its process, its port, and what it writes."""
    port, written = free_port(), tmp_path / "written"
    command: list[Any] = [sys.executable, "-m", "uvicorn", "gateway.app:create_app", "--factory", "--port", str(port)]
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MYCELIUM_")},
        "PYTHONPATH": str(ROOT),
        "MYCELIUM_SECRET": "A" * 43,
        "MYCELIUM_AMQP_URL": f"amqp://127.0.0.1:{free_port()}/",  # nobody is there
    }
    with written.open("wb") as output:
        process = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=output, stderr=subprocess.STDOUT)
    yield process, port, written
    process.kill()
    process.wait()


async def test_every_line_is_json_and_waiting_for_the_broker_is_no_error(
    gateway: tuple[subprocess.Popen[bytes], int, Path],
) -> None:
    process, port, written = gateway
    await eventually(lambda: answers(port), within=60)
    await eventually(lambda: "broker_awaited" in written.read_text())
    process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(process.wait, 30) in (0, -signal.SIGTERM)
    lines = [json.loads(line) for line in written.read_text().splitlines()]
    assert {line["level"] for line in lines} == {"info"}
    assert {line["service"] for line in lines} == {"gateway"}
    said = [line["event"] for line in lines]
    assert any(event.startswith("Started server process") for event in said)
    assert any(event.startswith("Finished server process") for event in said)
    assert said.count("broker_awaited") == 1


async def test_a_broker_that_stays_away_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "RECONNECT_SECONDS", 0.01)
    awaiting = Broker(f"amqp://127.0.0.1:{free_port()}/", "nowhere")
    with capture_logs() as lines:
        await awaiting.start()
        try:
            await eventually(lambda: any(line["event"] == "broker_unreachable" for line in lines))
        finally:
            await awaiting.close()
    levels = [line["log_level"] for line in lines]
    assert levels[0] == "info"
    assert set(levels[1:]) == {"warning"}
