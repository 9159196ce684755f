"""`mycelium operator-key`: creates the first API key of a deployment; all others can be created with it."""

import asyncio
from datetime import timedelta

from deploy.cli.place import Place
from deploy.cli.screen import fail
from services.membership.api_keys.commands import create_api_key
from shared import clock
from shared.auth import SCOPES, Principal
from shared.contracts.membership.api_keys import NewApiKey
from shared.messaging.outbox import Outbox
from shared.mongo import Mongo, PyMongoError

# A person who can write to membership's database is an operator anyway.
OPERATOR = Principal(kind="service", id="mycelium-cli", scopes=frozenset({"community:admin"}), everywhere=True)


def make(place: Place, name: str) -> str:
    """Create a key with all scopes, everywhere; return its secret. Ends the command when MongoDB does not answer."""
    try:
        return asyncio.run(_make(place, name))
    except PyMongoError as error:
        raise fail(f"MongoDB does not answer: {type(error).__name__}.") from None


async def _make(place: Place, name: str) -> str:
    mongo = Mongo(place.url("mongo_url"), place.driver)
    try:
        database = mongo.database(place.database_name("membership"))
        Outbox(database, "membership", lease=timedelta(0))  # so that any relay may publish the message
        made = await create_api_key(database, OPERATOR, NewApiKey(name=name, scopes=list(SCOPES)), now=clock.now())
        return made.secret
    finally:
        await mongo.close()
