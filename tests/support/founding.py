"""Creates a community for tests: an operator's key, a hub with a key, an open group."""

import secrets

from services.membership.api_keys.commands import create_api_key
from shared import clock
from shared.auth import SCOPES, Principal
from shared.contracts.membership.api_keys import NewApiKey
from shared.mongo import Database
from tests.support.acting import Actor, Community
from tests.support.stack import Front

HUB_SCOPES = [
    "DIRECTORY_READ",
    "EVENTS_READ",
    "EVENTS_WRITE",
    "LEARNING_READ",
    "LEARNING_WRITE",
    "WEBHOOKS_MANAGE",
    "HUB_ADMIN",
]


async def an_operator(stack: Front, membership: Database) -> Actor:
    """The first key of a deployment, created by a command as `mycelium operator-key` does."""
    principal = Principal(kind="service", id="operator", scopes=frozenset(SCOPES), everywhere=True)
    new = NewApiKey(name="operator", scopes=list(SCOPES))
    made = await create_api_key(membership, principal, new, now=clock.now())
    return Actor(stack, made.secret, made.key.id)


async def found_community(stack: Front, membership: Database) -> Community:
    """Create an operator, a hub with a key, and an open group. `membership`: that service's database."""
    operator = await an_operator(stack, membership)
    slug = "hub-" + secrets.token_hex(4)
    hub = (await operator.do("createHub", "hub { id }", slug=slug, name="North East", kind="REGIONAL"))["hub"]["id"]
    key = await operator.do("createApiKey", "apiKey { id } secret", name="site", hub=hub, scopes=HUB_SCOPES)
    hub_key = Actor(stack, key["secret"], key["apiKey"]["id"])
    group = await hub_key.do(
        "createGroup", "group { id }", slug="group-" + secrets.token_hex(4), name="Trust", domain="Trust", hub=hub
    )
    return Community(stack, operator, hub, hub_key, group["group"]["id"])
