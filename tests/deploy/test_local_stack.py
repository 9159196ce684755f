"""The local stack's life, tried with tiny applications around the run's real MongoDB and RabbitMQ."""

import json
import os
import signal
import socket
import stat

import pytest

from deploy.local.control import down, status, up_detached
from deploy.local.folder import read_json
from tests.deploy.throwaway import Run, are_gone, read


async def test_it_starts_tells_its_facts_and_ends_with_all_it_started(run: Run, mongo_url: str) -> None:
    process = run.start()
    facts = await run.facts()
    assert set(facts) >= {"graphql", "gateway", "services", "mongo", "amqp", "mail", "keys", "pids"}
    assert facts["graphql"] == facts["gateway"] + "/graphql"
    assert set(facts["services"]) == {"one", "two"}
    assert facts["mongo"] == mongo_url
    assert facts["keys"] == {"operator": "o", "hub": "key-of-hub", "partner": "p"}
    assert facts["mail"] == str(run.folder.mail)
    assert set(facts["pids"]) == {"supervisor", "mail", "one", "two", "gateway"}
    assert "curl" in run.said()
    assert "key-of-hub" in run.said()
    for private in (run.folder.stack, run.folder.secrets):
        assert stat.S_IMODE(private.stat().st_mode) == 0o600

    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert are_gone(facts["pids"])
    assert not run.folder.stack.exists()


async def test_applications_are_told_where_everything_is(run: Run, mongo_url: str, amqp_url: str) -> None:
    run.start()
    facts = await run.facts()
    told = dict(line.split("=", 1) for line in read(f"{facts['gateway']}/env").splitlines())
    secrets = json.loads(run.folder.secrets.read_text())
    assert told["MYCELIUM_ENVIRONMENT"] == "local"
    assert told["MYCELIUM_MONGO_URL"] == mongo_url
    assert told["MYCELIUM_AMQP_URL"] == amqp_url
    assert told["MYCELIUM_ONE_URL"] == facts["services"]["one"]
    assert told["MYCELIUM_PUBLIC_URL"] == facts["gateway"]
    assert told["MYCELIUM_SMTP_URL"].startswith("smtp://127.0.0.1:")
    assert told["MYCELIUM_SECRET"] == secrets["MYCELIUM_SECRET"]
    assert told["MYCELIUM_SIGNING_KEY"] == secrets["MYCELIUM_SIGNING_KEY"] != told["MYCELIUM_SECRET"]


async def test_a_second_start_says_that_it_runs_and_starts_nothing(run: Run) -> None:
    run.start()
    facts = await run.facts()
    second = Run(run.path, run.env, output="second")
    assert second.start().wait(30) == 0
    assert "running already" in second.said()
    assert facts["graphql"] in second.said()
    assert read_json(run.folder.stack) == facts
    assert status(run.folder) == 0


async def test_secrets_and_taken_ports_survive_a_restart(run: Run) -> None:
    run.start()
    await run.facts()
    first = run.folder.secrets.read_text()
    run.end()
    run.start()
    await run.facts()
    assert run.folder.secrets.read_text() == first


async def test_when_a_part_dies_it_is_named_and_the_rest_is_stopped(run: Run) -> None:
    process = run.start()
    facts = await run.facts()
    with pytest.raises(OSError, match="closed"):
        read(f"{facts['services']['two']}/die")
    assert process.wait(30) == 1
    assert "two ended with 3" in run.said()
    assert "a last word" in run.said()
    assert are_gone(facts["pids"])


async def test_a_part_that_does_not_start_is_named_and_the_rest_is_stopped(run: Run) -> None:
    code = run.path / "code" / "tiny.py"
    code.write_text("raise SystemExit('this part is broken')")
    assert run.start().wait(60) == 1
    assert "this part is broken" in run.said()
    assert not run.folder.stack.exists()
    assert not run.folder.processes.exists()


async def test_a_demo_that_fails_is_shown(run: Run) -> None:
    (run.path / "code" / "tinydemo.py").write_text("raise SystemExit('no such hub')")
    assert run.start().wait(60) == 1
    assert "demo ended with 1" in run.said()
    assert "no such hub" in run.said()


async def test_in_the_background_it_returns_when_ready_and_down_ends_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("MYCELIUM_MONGO_URL", "MYCELIUM_AMQP_URL"):
        monkeypatch.setenv(name, run.env[name])
    assert up_detached(run.folder, run.command) == 0
    facts = await run.facts()
    assert "Mycelium is ready" in capfd.readouterr().out
    assert os.getsid(facts["pids"]["supervisor"]) != os.getsid(0)
    assert status(run.folder) == 0
    assert down(run.folder) == 0
    assert are_gone({name: pid for name, pid in facts["pids"].items() if name != "supervisor"})
    assert status(run.folder) == 1
    assert down(run.folder) == 0
    assert "not running" in capfd.readouterr().out


async def test_in_the_background_a_failed_start_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("MYCELIUM_MONGO_URL", "MYCELIUM_AMQP_URL"):
        monkeypatch.setenv(name, run.env[name])
    (run.path / "code" / "tiny.py").write_text("raise SystemExit('this part is broken')")
    assert up_detached(run.folder, run.command) == 1
    assert "this part is broken" in capfd.readouterr().out


async def test_a_supervisor_killed_outright_leaves_nothing_that_a_next_start_trips_over(run: Run) -> None:
    process = run.start()
    facts = await run.facts()
    process.kill()
    process.wait(10)
    run.folder.stack.unlink()
    run.start()
    again = await run.facts()
    assert are_gone(facts["pids"])
    assert again["pids"]["supervisor"] != facts["pids"]["supervisor"]


@pytest.mark.parametrize(
    ("name", "url", "says"),
    [
        ("MYCELIUM_MONGO_URL", "mongodb://ada:hush@127.0.0.1:1/", "no MongoDB answers there"),
        ("MYCELIUM_MONGO_URL", "postgres://127.0.0.1/", "not a MongoDB address"),
        ("MYCELIUM_AMQP_URL", "amqp://ada:hush@127.0.0.1:1/", "nothing answers at 127.0.0.1:1"),
        ("MYCELIUM_AMQP_URL", "127.0.0.1:5672", "not a broker's address"),
    ],
)
def test_a_given_address_where_nothing_answers_is_named_without_its_password(
    run: Run, name: str, url: str, says: str
) -> None:
    run.env[name] = url
    assert run.start().wait(30) == 1
    assert name in run.said()
    assert says in run.said()
    assert "hush" not in run.said()
    assert "Traceback" not in run.said()


def test_settings_that_cannot_be_used_are_named_before_anything_starts(run: Run) -> None:
    run.env |= {"MYCELIUM_BODY_LIMIT": "abc", "MYCELIUM_LOG_LEVEL": "loud", "MYCELIUM_ENVIRONMENT": "not looked at"}
    assert run.start().wait(30) == 1
    assert "MYCELIUM_BODY_LIMIT: Give a whole number." in run.said()
    assert "MYCELIUM_LOG_LEVEL: Choose one of these: `DEBUG`" in run.said()
    assert "MYCELIUM_ENVIRONMENT" not in run.said()
    assert "Traceback" not in run.said()
    assert not run.folder.log("mail").exists()


async def test_misspelt_settings_and_other_ports_are_told(run: Run) -> None:
    run.env["MYCELIUM_BODYLIMIT"] = "7"
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 8300))
        taken.listen()
        run.start()
        facts = await run.facts()
    port = facts["gateway"].rpartition(":")[2]
    assert port != "8300"
    assert f"8300 is taken: the gateway is on {port}." in run.said()
    assert "There is no setting MYCELIUM_BODYLIMIT, so it does nothing: perhaps MYCELIUM_BODY_LIMIT" in run.said()
    assert "MYCELIUM_ONE_URL" not in run.said()
    assert "RabbitMQ is on" not in run.said()


async def test_it_brings_its_own_database_and_broker(run: Run) -> None:
    for name in ("MYCELIUM_MONGO_URL", "MYCELIUM_AMQP_URL"):
        del run.env[name]
    process = run.start()
    facts = await run.facts()
    assert set(facts["pids"]) == {"supervisor", "mongo", "epmd", "rabbitmq", "mail", "one", "two", "gateway"}
    process.terminate()
    assert process.wait(60) == 0
    assert are_gone(facts["pids"])
