"""The `mycelium` command, run as an operator runs it, against a real MongoDB and RabbitMQ."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs
from typer.testing import CliRunner

from deploy.cli.main import app
from deploy.local.ports import free_ports
from shared.app import Service
from shared.auth import SCOPES
from shared.contracts.membership.api_keys import ApiKeyCreated
from shared.keys import parse_key
from shared.messaging import dead
from shared.messaging.envelope import Envelope, Malformed, unseal
from shared.messaging.reactions import Subscriptions, on
from shared.mongo import Transaction
from shared.settings import Settings
from tests.support.server import Served
from tests.support.service import StoneThrown, a_running, count_ripple, throw
from tests.support.waiting import eventually


@dataclass(frozen=True)
class Said:
    """What the command printed, and its exit code."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


async def mycelium(*words: str, env: Mapping[str, str], folder: Path) -> Said:
    """Run the command with just these settings, and with the local stack's things in `folder`.

    In a thread of this process, which has no event loop of its own: starting Python each time would take a second.
    """
    clean: dict[str, str | None] = {name: None for name in os.environ if name.startswith("MYCELIUM_")}
    words = ("--folder", str(folder), *words)
    try:
        result = await asyncio.to_thread(CliRunner().invoke, app, words, env={**clean, **env}, catch_exceptions=False)
    finally:
        logging.disable(logging.NOTSET)
    return Said(result.exit_code, result.stdout, result.stderr)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder without an `.env`; and the services' own log lines kept out of what the command prints."""
    monkeypatch.chdir(tmp_path)
    with capture_logs():
        yield


@pytest.fixture
def env(settings: Settings) -> dict[str, str]:
    """What the environment of a deployment's operator says."""
    return {
        "MYCELIUM_MONGO_URL": settings.mongo_url,
        "MYCELIUM_AMQP_URL": settings.amqp_url,
        "MYCELIUM_NAMESPACE": settings.namespace,
    }


class Fragile:
    """A reaction that calls every stone unreadable until it is mended."""

    mended = False

    async def __call__(self, tx: Transaction, message: StoneThrown, envelope: Envelope) -> None:
        if not self.mended:
            raise Malformed("no water in the pond")
        await count_ripple(tx, message, envelope)


@pytest.fixture
def fragile() -> Fragile:
    return Fragile()


@pytest.fixture
async def events(settings: Settings, fragile: Fragile) -> AsyncIterator[Service]:
    """A service on the events queue, which parks what it is sent until `fragile` is mended."""
    async with a_running("events", settings, Subscriptions(reactions=(on(StoneThrown, fragile),))) as service:
        yield service
        for collection in ("stones", "ripples", "outbox", "inbox"):
            await service.database[collection].delete_many({})
        channel = await service.broker.channel()
        async with channel:
            await (await channel.get_queue(service.consumer.names.dead)).purge()


async def parked(service: Service, env: Mapping[str, str], folder: Path, count: int) -> list[dict[str, Any]]:
    """Wait until so many are parked, and give what the command lists."""

    async def there() -> None:
        assert len(await dead.parked(service.settings.amqp_url, service.consumer.names)) == count

    await eventually(there)
    said = await mycelium("dead", "list", "--json", env=env, folder=folder)
    assert said.code == 0, said.err
    listed: list[dict[str, Any]] = said.json()
    assert len(listed) == count
    return listed


async def test_a_parked_message_is_listed_shown_and_replayed_once(
    events: Service, fragile: Fragile, env: dict[str, str], tmp_path: Path
) -> None:
    before = datetime.now(UTC)
    await throw(events.database, 4)
    (one,) = await parked(events, env, tmp_path, 1)
    assert one["reason"] == "malformed"
    assert one["error"] == "no water in the pond"
    assert one["type"] == "pond.stone_thrown.v1"
    assert one["readable"] is True
    assert before - timedelta(seconds=2) < datetime.fromisoformat(one["parked_at"]) < datetime.now(UTC)

    shown = await mycelium("dead", "show", one["id"], "--json", env=env, folder=tmp_path)
    assert shown.json()[0]["message"]["data"] == {"number": 4}
    in_words = await mycelium("dead", "show", one["id"], env=env, folder=tmp_path)
    assert '"number": 4' in in_words.out
    assert one["id"] in (await mycelium("dead", "list", env=env, folder=tmp_path)).out

    fragile.mended = True
    replayed = await mycelium("dead", "replay", "--service", "events", "--id", one["id"], env=env, folder=tmp_path)
    assert (replayed.code, replayed.out.split()) == (0, [one["id"]])

    async def took_effect() -> bool:
        ripple = await events.database["ripples"].find_one({"_id": 4})
        return bool(ripple and ripple["count"] == 1)

    await eventually(took_effect)
    await parked(events, env, tmp_path, 0)
    again = await mycelium("dead", "replay", one["id"], env=env, folder=tmp_path)
    assert again.code == 1
    assert one["id"] in again.err


async def test_all_are_replayed_but_what_is_no_message_stays(
    events: Service, fragile: Fragile, env: dict[str, str], tmp_path: Path
) -> None:
    await asyncio.gather(*(throw(events.database, number) for number in range(5)))
    await events.broker.publish("pond.stone_thrown.v1", "msg_bad", b"\xff not json")
    found = await parked(events, env, tmp_path, 6)
    bad = next(one for one in found if not one["readable"])
    shown = await mycelium("dead", "show", bad["id"], "--json", env=env, folder=tmp_path)
    assert shown.json()[0]["base64"] == "/yBub3QganNvbg=="

    assert bad["error"] == "This is not JSON."

    fragile.mended = True
    replayed = await mycelium("dead", "replay", "--all", env=env, folder=tmp_path)
    assert sorted(replayed.out.split()) == sorted(one["id"] for one in found if one["readable"])
    assert "Replayed: 5." in replayed.err
    assert "Still parked for events, because they are malformed: 1." in replayed.err
    assert "`mycelium dead drop events --malformed`" in replayed.err

    async def took_effect() -> bool:
        return bool(await events.database["ripples"].count_documents({}) == 5)

    await eventually(took_effect)
    assert [one["id"] for one in await parked(events, env, tmp_path, 1)] == [bad["id"]]


async def test_what_is_wrong_with_a_malformed_message_is_said_in_words(
    events: Service, env: dict[str, str], tmp_path: Path
) -> None:
    for body in (b'{"id": 7}', b"[]"):
        await events.broker.publish("pond.stone_thrown.v1", "msg_bad", body)
    found = [one["error"] for one in await parked(events, env, tmp_path, 2)]
    assert "id: Write this as text." in found[0]
    assert found[1] == "message: Give an object with fields."
    assert "Envelope" not in str(found)


async def test_replaying_before_mending_parks_it_again_and_ends(
    events: Service, env: dict[str, str], tmp_path: Path
) -> None:
    await throw(events.database, 9)
    (one,) = await parked(events, env, tmp_path, 1)
    replayed = await mycelium("dead", "replay", "--all", "--json", env=env, folder=tmp_path)
    assert replayed.json() == [one["id"]]
    (again,) = await parked(events, env, tmp_path, 1)
    assert again["id"] == one["id"]


async def test_what_is_dropped_is_printed_and_the_rest_stays(
    events: Service, env: dict[str, str], tmp_path: Path
) -> None:
    await asyncio.gather(*(throw(events.database, number) for number in range(4)))
    found = await parked(events, env, tmp_path, 4)
    words = ("dead", "drop", "events", found[1]["id"], found[2]["id"])
    shown = await mycelium(*words, env=env, folder=tmp_path)
    assert (shown.code, "--yes" in shown.err) == (1, True)
    assert [line.split()[0] for line in shown.out.splitlines()] == [found[1]["id"], found[2]["id"]]
    assert await parked(events, env, tmp_path, 4) == found

    dropped = await mycelium(*words, "--yes", "--json", env=env, folder=tmp_path)
    assert dropped.code == 0, dropped.err
    assert [one["message"]["id"] for one in dropped.json()] == [found[1]["id"], found[2]["id"]]
    assert await parked(events, env, tmp_path, 2) == [found[0], found[3]]

    again = await mycelium(*words, "--yes", env=env, folder=tmp_path)
    assert (again.code, again.out) == (1, "")
    assert again.err == "Nothing was dropped: no such message is parked for events.\n"
    of_another = await mycelium("dead", "drop", "learning", found[0]["id"], "--yes", env=env, folder=tmp_path)
    assert of_another.code == 1
    half = await mycelium("dead", "drop", "events", found[0]["id"], found[1]["id"], "--yes", env=env, folder=tmp_path)
    assert half.code == 1
    assert half.out.split()[0] == found[0]["id"]
    assert found[1]["id"] in half.err
    assert await parked(events, env, tmp_path, 1) == [found[3]]


async def test_all_that_is_no_message_is_dropped_at_a_word(
    events: Service, env: dict[str, str], tmp_path: Path
) -> None:
    await throw(events.database, 1)
    for body in (b"\xff not json", b"{}"):
        await events.broker.publish("pond.stone_thrown.v1", "", body)
    found = await parked(events, env, tmp_path, 3)
    dropped = await mycelium("dead", "drop", "events", "--malformed", "--yes", "--json", env=env, folder=tmp_path)
    assert dropped.code == 0, dropped.err
    assert sorted(map(_body_of, dropped.json())) == ["/yBub3QganNvbg==", "{}"]
    assert await parked(events, env, tmp_path, 1) == [one for one in found if one["readable"]]
    again = await mycelium("dead", "drop", "events", "--malformed", "--yes", env=env, folder=tmp_path)
    assert again.code == 1


def _body_of(one: dict[str, Any]) -> str:
    return str(one["base64"] if "base64" in one else json.dumps(one["message"]))


async def test_looking_makes_no_queues(env: dict[str, str], tmp_path: Path) -> None:
    nowhere = env | {"MYCELIUM_NAMESPACE": env["MYCELIUM_NAMESPACE"] + "x"}
    assert (await mycelium("dead", "list", env=nowhere, folder=tmp_path)).out == "Nothing is parked.\n"
    said = await mycelium("doctor", "--json", env=nowhere, folder=tmp_path)
    queue = next(one for one in said.json() if one["part"] == "events queue")
    assert "is not there" in queue["says"]


async def test_the_running_local_stack_is_found_by_its_facts(
    events: Service, settings: Settings, tmp_path: Path
) -> None:
    facts = {
        "mongo": settings.mongo_url,
        "amqp": settings.amqp_url,
        "gateway": "http://127.0.0.1:1",
        "services": dict.fromkeys(("membership", "events", "learning", "notify"), "http://127.0.0.1:1"),
    }
    (tmp_path / "stack.json").write_text(json.dumps(facts))
    await throw(events.database, 6)
    namespace = {"MYCELIUM_NAMESPACE": settings.namespace}
    (one,) = await parked(events, namespace, tmp_path, 1)
    assert one["service"] == f"{settings.namespace}.events"


async def test_where_nothing_runs_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    for words in (["dead", "list"], ["doctor"]):
        said = await mycelium(*words, env={}, folder=tmp_path)
        assert said.code == 2
        assert said.out == ""
        assert "make up" in said.err
        assert len(said.err.splitlines()) == 1


async def test_a_broker_that_does_not_answer_is_said_to(tmp_path: Path) -> None:
    (port,) = free_ports(0)
    env = {"MYCELIUM_AMQP_URL": f"amqp://guest:guest@127.0.0.1:{port}/"}
    said = await mycelium("dead", "list", env=env, folder=tmp_path)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("RabbitMQ does not answer")


async def test_words_that_make_no_sense_are_refused(env: dict[str, str], tmp_path: Path) -> None:
    of_dropping = (
        ["drop"],
        ["drop", "events"],
        ["drop", "weather", "msg_1"],
        ["drop", "events", "--malformed", "msg_1"],
    )
    for words in (["replay"], ["replay", "--all", "msg_1"], ["list", "--service", "weather"], ["show"], *of_dropping):
        said = await mycelium("dead", *words, env=env, folder=tmp_path)
        assert said.code == 2, words


async def test_the_doctor_finds_what_is_well_and_what_is_not(
    events: Service, env: dict[str, str], tmp_path: Path
) -> None:
    application = FastAPI()

    @application.get("/readyz")
    async def ready() -> dict[str, Any]:
        return {"ready": True, "missing": []}

    @application.get("/metrics")
    async def metrics() -> str:
        return ""

    port, unused = free_ports(0, 0)
    served = Served("membership", application, port)
    await served.start()
    try:
        addresses = {f"MYCELIUM_{name}_URL": f"http://127.0.0.1:{unused}" for name in ("EVENTS", "LEARNING", "NOTIFY")}
        addresses |= {"MYCELIUM_MEMBERSHIP_URL": f"http://127.0.0.1:{port}"}
        addresses |= {"MYCELIUM_PUBLIC_URL": f"http://127.0.0.1:{unused}"}
        await throw(events.database, 8)
        await parked(events, env, tmp_path, 1)
        said = await mycelium("doctor", "--json", env=env | addresses, folder=tmp_path)
    finally:
        await served.stop()
    well = {one["part"]: one["well"] for one in said.json()}
    assert said.code == 1
    assert well["mongodb"] is well["rabbitmq"] is well["membership"] is True
    assert well["events"] is well["gateway"] is well["events queue"] is False
    parked_says = next(one["says"] for one in said.json() if one["part"] == "events queue")
    assert parked_says == "1 parked: see `mycelium dead list --service events`."


async def test_the_first_key_opens_everything_and_is_told_of(
    settings: Settings, env: dict[str, str], tmp_path: Path
) -> None:
    made = await mycelium("operator-key", "--name", "Setting up", env=env, folder=tmp_path)
    key = parse_key(made.out.strip())
    assert key is not None, made.err
    async with a_running("membership", settings) as service:
        row = await service.database["api_keys"].find_one({"_id": key.key_id})
        assert row["name"] == "Setting up"
        assert set(row["scopes"]) == set(SCOPES)
        assert row["hub_id"] is None
        told = await service.database["outbox"].find_one({"type": ApiKeyCreated.type_name()})
        assert unseal(bytes(told["body"])).subject == key.key_id
        assert key.text not in str(row) + str(told)


async def test_the_command_is_installed_under_its_name(tmp_path: Path) -> None:
    command = Path(sys.executable).parent / "mycelium"
    process = await asyncio.create_subprocess_exec(str(command), "--help", stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    assert process.returncode == 0
    assert b"dead" in said


async def test_topics_are_listed_with_what_they_say(tmp_path: Path) -> None:
    listed = (await mycelium("topics", "--json", env={}, folder=tmp_path)).json()
    one = next(topic for topic in listed if topic["topic"] == "events.registration_confirmed")
    assert one == {
        "topic": "events.registration_confirmed",
        "type": "events.registration_confirmed.v1",
        "public": True,
        "says": "A person has a seat.",
    }
    assert all(topic["says"] for topic in listed)
