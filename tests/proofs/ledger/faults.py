"""Faults while the clients work: processes die, the database loses its primary, documents become older ones."""

import random
from collections import Counter

from shared.mongo import Mongo, PyMongoError
from shared.settings import Settings
from tests.proofs.ledger.older import make_older
from tests.proofs.ledger.product import Product
from tests.support.waiting import eventually

DOWN_SECONDS = 3
"""How long MongoDB has no primary; afterwards a replica set of one elects its only member again."""
AGED_AT_ONCE = 40
DECK = ("kill_one", "kill_one", "kill_a_service", "step_down", "age_documents")


class Faults:
    """Takes one fault after the other from a shuffled list, so that each kind occurs soon. `struck` counts them."""

    def __init__(self, product: Product, mongo: Mongo, settings: Settings, chance: random.Random) -> None:
        self.struck: Counter[str] = Counter()
        self._product = product
        self._mongo = mongo
        self._settings = settings
        self._chance = chance
        self._deck: list[str] = []

    async def strike(self) -> None:
        """Cause the next fault, and wait until it is over."""
        if not self._deck:
            self._deck = self._chance.sample(DECK, len(DECK))
        name = self._deck.pop()
        self.struck[name] += 1
        await getattr(self, f"_{name}")()

    async def _kill_one(self) -> None:
        """Kill one replica, while the other one continues; or the gateway, which has only one process."""
        await self._product.kill_and_restart(self._chance.choice(list(self._product.processes)))

    async def _kill_a_service(self) -> None:
        replicas = self._chance.choice(list(self._product.replicas.values()))
        await self._product.kill_and_restart(*replicas)

    async def _step_down(self) -> None:
        """Make the primary a secondary; writes fail until the next election."""
        await self._mongo.client.admin.command(
            {"replSetStepDown": DOWN_SECONDS, "secondaryCatchUpPeriodSecs": 0, "force": True}
        )

        async def takes_writes() -> bool:
            try:
                return bool((await self._mongo.client.admin.command("hello"))["isWritablePrimary"])
            except PyMongoError:
                return False

        await eventually(takes_writes, within=DOWN_SECONDS + 20)

    async def _age_documents(self) -> None:
        await make_older(self._mongo, self._settings, most=AGED_AT_ONCE)
