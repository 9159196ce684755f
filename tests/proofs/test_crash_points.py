"""A process is killed at each point: the effect happens exactly once, or not at all if no success was reported."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.app import Service
from shared.mongo import Mongo
from shared.settings import Settings
from tests.proofs.pond import CONSUMING, POINTS, service_name
from tests.support.service import a_running
from tests.support.waiting import eventually

ROUNDS = int(os.environ.get("MYCELIUM_TEST_ROUNDS", "75"))
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def quick(settings: Settings) -> Settings:
    """Settings with short leases, so that the rows of a dead process are soon taken over."""
    return settings.model_copy(update={"relay_lease_seconds": 1.0, "relay_sweep_seconds": 0.2})


async def kill_rounds(settings: Settings, point: str, folder: Path) -> list[str]:
    """Run the rounds in a forking child; return its line for each round."""
    environment = {
        **os.environ,
        "MYCELIUM_NAMESPACE": settings.namespace,
        "MYCELIUM_MONGO_URL": settings.mongo_url,
        "MYCELIUM_AMQP_URL": settings.amqp_url,
        "MYCELIUM_SECRET": settings.secret.get_secret_value(),
        "MYCELIUM_RELAY_LEASE_SECONDS": "1",
        # Only the survivor takes over rows of the dead: a child that did would die of them before its own commit.
        "MYCELIUM_RELAY_SWEEP_SECONDS": "60",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.proofs.pond",
        str(folder),
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    rounds = "".join(f"{point} {number}\n" for number in range(ROUNDS))
    out, _ = await process.communicate(rounds.encode())
    return [line for line in out.decode().splitlines() if line.startswith(("done", "lived"))]


@pytest.fixture
async def survivor(quick: Settings, request: pytest.FixtureRequest) -> AsyncIterator[Service]:
    """The replica that survives: its relay sweeps, and its consumer counts."""
    async with a_running(service_name(request.param), quick) as service:
        yield service


@pytest.mark.parametrize(("point", "survivor"), [(p, p) for p in POINTS if p not in CONSUMING], indirect=["survivor"])
async def test_a_producer_killed(point: str, survivor: Service, quick: Settings, tmp_path: Path) -> None:
    outcomes = await kill_rounds(quick, point, tmp_path)
    assert outcomes == [f"done {n}" for n in range(ROUNDS)]
    await check(survivor, point, tmp_path)


@pytest.mark.parametrize("point", CONSUMING)
async def test_a_consumer_killed(point: str, quick: Settings, tmp_path: Path) -> None:
    async with a_running(service_name(point), quick):
        pass  # it declares the queue and the collections, and stops
    outcomes = await kill_rounds(quick, point, tmp_path)
    assert outcomes == [f"done {n}" for n in range(ROUNDS)]
    async with a_running(service_name(point), quick) as survivor:
        await check(survivor, point, tmp_path)


async def check(survivor: Service, point: str, folder: Path) -> None:
    """Check that change, message and effect agree for every round, after the survivor has caught up."""
    database = survivor.database

    async def quiet() -> bool:
        published = await database["outbox"].count_documents({"pending": False})
        return (await survivor.outbox.backlog())[0] == 0 and await database["inbox"].count_documents({}) == published

    await eventually(quiet, within=60)
    stones = {row["_id"] async for row in database["stones"].find()}
    ripples = {row["_id"]: row["count"] async for row in database["ripples"].find()}
    file = folder / f"committed-{point}"
    committed = {int(line) for line in file.read_text().split()} if file.exists() else set()
    assert ripples == dict.fromkeys(stones, 1)
    assert committed <= stones
    assert await database["outbox"].count_documents({}) == len(stones)
    assert len(stones) == (0 if point == "before_commit" else ROUNDS)


async def test_the_database_under_test_is_the_one_the_children_wrote(quick: Settings) -> None:
    """A check of this proof itself: the child and this test must use the same database."""
    mongo = Mongo(quick.mongo_url)
    names = await mongo.client.list_database_names()
    await mongo.close()
    assert quick.database_name(service_name("after_ack")) in names
