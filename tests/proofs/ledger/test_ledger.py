"""5,000 mixed commands from 16 clients while things go wrong: nothing acknowledged is lost, nothing is doubled.

Two replicas of every service run. Replicas die, whole services die, the database loses its primary, and documents are
turned into those of an older version.
"""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from deploy.local.mail import catch_mail
from deploy.local.mongo import start_mongo
from shared.mongo import Mongo
from shared.settings import Settings
from tests.proofs.ledger.checker import Checker, check_heard, check_public, dump, read_ledgers
from tests.proofs.ledger.clients import Client
from tests.proofs.ledger.faults import DECK, Faults
from tests.proofs.ledger.older import make_older
from tests.proofs.ledger.product import Product
from tests.proofs.ledger.rest import unsettled
from tests.support.acting import Actor, Community
from tests.support.founding import found_community
from tests.support.namespaces import new_namespace, settings_for
from tests.support.receiver import Receiver, a_receiver
from tests.support.stack import Front
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow
COMMANDS = int(os.environ.get("MYCELIUM_TEST_COMMANDS", "5000"))
SEEDS = [int(seed) for seed in os.environ.get("MYCELIUM_TEST_SEEDS", "1 2 3 4").split()]
CLIENTS = 16
GROUPS, EVENTS, CAPACITY = 20, 30, 5
FAULT_AFTER = (2.0, 8.0)
QUIET_WITHIN = 60
ALL_OF_THEM = 100_000


@pytest.fixture(scope="module")
def own_mongo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A separate MongoDB for the ledger, because its primary steps down."""
    with start_mongo(tmp_path_factory.mktemp("mongo")) as url:
        yield url


@dataclass
class Scene:
    """A running product with a community and its actors.

    `heard_since`: the last number of the log before the receiver's endpoint was created.
    """

    product: Product
    faults: Faults
    community: Community
    receiver: Receiver
    people: list[Actor]
    groups: list[str]
    events: list[str]
    heard_since: int


@asynccontextmanager
async def a_scene(settings: Settings, folder: Path, chance: random.Random) -> AsyncIterator[Scene]:
    """Start the product; create a community with groups, events, people and an endpoint for all messages."""
    async with AsyncExitStack() as ends:
        smtp = await ends.enter_async_context(catch_mail(folder / "mail"))
        product = Product(settings.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{smtp}"}), folder)
        await ends.enter_async_context(product.running())
        http = await ends.enter_async_context(aiohttp.ClientSession())
        receiver = await ends.enter_async_context(a_receiver())
        mongo = Mongo(settings.mongo_url)
        ends.push_async_callback(mongo.close)
        front = Front(product.graphql, folder / "mail", http)
        community = await found_community(front, mongo.database(settings.database_name("membership")))
        key, hub = community.hub_key, community.hub
        groups = [
            (await key.do("createGroup", "group { id }", slug=f"g-{n}", name=f"G{n}", domain="D", hub=hub))["group"][
                "id"
            ]
            for n in range(GROUPS)
        ]
        events = [await community.an_event(capacity=CAPACITY) for _ in range(EVENTS)]
        people = [await community.a_person() for _ in range(CLIENTS)]
        await come_to_rest(settings)
        since = await mongo.database(settings.database_name("notify"))["messages"].count_documents({})
        await community.an_endpoint(receiver)
        assert await make_older(mongo, settings, most=ALL_OF_THEM) > EVENTS + CLIENTS
        faults = Faults(product, mongo, settings, chance)
        yield Scene(product, faults, community, receiver, people, groups, events, since)


async def come_to_rest(settings: Settings) -> None:
    """Wait until the product is idle."""

    async def at_rest() -> None:
        assert await unsettled(settings) == []

    await eventually(at_rest, within=QUIET_WITHIN)


async def load(scene: Scene, chance: random.Random, folder: Path) -> None:
    """Run all clients to the end of their commands, with faults at the same time."""
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1

    clients = [
        Client(
            scene.product.graphql,
            person.id,
            person.credential or "",
            scene.groups,
            scene.events,
            random.Random(chance.random()),
            folder / f"ledger-{number}.jsonl",
        )
        for number, person in enumerate(scene.people)
    ]
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as http:
        running = asyncio.gather(*(client.run(COMMANDS // CLIENTS, http, tick) for client in clients))
        while not running.done():
            await asyncio.wait([running], timeout=chance.uniform(*FAULT_AFTER))
            if not running.done():
                await scene.faults.strike()
        await running
    await scene.faults.strike()  # once more when all clients have finished
    assert done == COMMANDS // CLIENTS * CLIENTS


@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_is_lost_or_doubled_whatever_fails(
    seed: int, own_mongo: str, amqp_url: str, tmp_path: Path
) -> None:
    own, chance = settings_for(new_namespace(), own_mongo, amqp_url), random.Random(seed)
    async with a_scene(own, tmp_path, chance) as scene:
        began = time.monotonic()
        await load(scene, chance, tmp_path)
        print(f"seed {seed}: {COMMANDS} commands in {time.monotonic() - began:.0f} s, {dict(scene.faults.struck)}")
        ended = time.monotonic()
        await come_to_rest(own)
        print(f"seed {seed}: quiet after {time.monotonic() - ended:.1f} s")
        commands = read_ledgers([tmp_path / f"ledger-{number}.jsonl" for number in range(CLIENTS)])
        data = await dump(own)
        problems = Checker(commands, data).check() + await check_public(scene.people, commands)
        heard = {one.headers["webhook-id"]: one.body for one in scene.receiver.received}
        problems += check_heard(data, scene.community.hub, scene.heard_since, heard)
        assert problems + scene.product.surprises() == []
        assert len(heard) > COMMANDS / 2
        for name, balancer in scene.product.balancers.items():
            assert len(balancer.served) == len(scene.product.replicas[name]), f"a replica of {name} had nothing to do"
        if scene.faults.struck.total() >= len(DECK):
            assert set(scene.faults.struck) == set(DECK)
