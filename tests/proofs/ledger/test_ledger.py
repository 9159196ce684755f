"""5,000 mixed commands from 16 clients while services are killed: nothing acknowledged is lost, nothing is doubled."""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from deploy.local.mail import catch_mail
from shared.mongo import Mongo
from shared.settings import Settings
from tests.proofs.ledger.checker import Checker, check_public, dump, read_ledgers
from tests.proofs.ledger.clients import Client
from tests.proofs.ledger.product import Product
from tests.proofs.ledger.rest import unsettled
from tests.support.acting import Actor, Community
from tests.support.founding import found_community
from tests.support.receiver import Receiver, a_receiver
from tests.support.stack import Front
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow
COMMANDS = int(os.environ.get("MYCELIUM_TEST_COMMANDS", "5000"))
SEEDS = [int(seed) for seed in os.environ.get("MYCELIUM_TEST_SEEDS", "1 2 3 4 5 6").split()]
CLIENTS = 16
GROUPS, EVENTS, CAPACITY = 20, 30, 5
KILL_AFTER = (5.0, 15.0)
QUIET_WITHIN = 60


@dataclass
class Scene:
    """A running product with a community in it, and who acts there."""

    product: Product
    community: Community
    receiver: Receiver
    people: list[Actor]
    groups: list[str]
    events: list[str]


@asynccontextmanager
async def a_scene(settings: Settings, folder: Path) -> AsyncIterator[Scene]:
    """Start the product; found a community with groups, events, people and an endpoint that hears everything."""
    async with AsyncExitStack() as ends:
        smtp = await ends.enter_async_context(catch_mail(folder / "mail"))
        product = Product(settings.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{smtp}"}), folder)
        ends.callback(product.stop)
        await product.start()
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
        await community.an_endpoint(receiver)
        yield Scene(product, community, receiver, people, groups, events)


async def load(scene: Scene, chance: random.Random, folder: Path) -> int:
    """Run all clients to the end of their commands, killing services meanwhile. Gives how many were killed."""
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
        kills = 0
        while not running.done():
            await asyncio.wait([running], timeout=chance.uniform(*KILL_AFTER))
            if not running.done():
                await scene.product.kill_and_restart(chance.choice(list(scene.product.processes)))
                kills += 1
        await running
        await scene.product.kill_and_restart(chance.choice(list(scene.product.processes)))
        kills += 1  # also of one that nobody waits for any more
    assert done == COMMANDS // CLIENTS * CLIENTS
    return kills


@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_is_lost_or_doubled_while_services_die(seed: int, settings: Settings, tmp_path: Path) -> None:
    own = settings.model_copy(update={"namespace": f"{settings.namespace}-{seed}"})
    async with a_scene(own, tmp_path) as scene:
        began = time.monotonic()
        kills = await load(scene, random.Random(seed), tmp_path)
        print(f"seed {seed}: {COMMANDS} commands and {kills} kills in {time.monotonic() - began:.0f} s")
        ended = time.monotonic()

        async def at_rest() -> None:
            assert await unsettled(own) == []

        await eventually(at_rest, within=QUIET_WITHIN)
        print(f"seed {seed}: quiet after {time.monotonic() - ended:.1f} s")
        commands = read_ledgers([tmp_path / f"ledger-{number}.jsonl" for number in range(CLIENTS)])
        data = await dump(own)
        problems = Checker(commands, data).check() + await check_public(scene.people, commands)
        heard = {one.headers["webhook-id"] for one in scene.receiver.received}
        due = {row["message_id"] for row in data["notify"]["deliveries"] if row["status"] == "succeeded"}
        assert problems == []
        assert due <= heard
        assert len(due) > COMMANDS / 2
