"""Who a credential belongs to, for the gateway alone."""

from services.membership.principals import commands
from services.membership.principals.introspection import Introspection
from services.membership.principals.model import Credential
from shared import clock
from shared.app import Caller, Db, Here
from shared.routing import OnlyFor, Routes

ROUTES = Routes("principals")


# Without defaults: a gateway of before, which knows fewer fields, still understands whom they are not about.
@ROUTES.post("/principals", needs=OnlyFor("gateway"), leave_out_defaults=True)
async def introspect(body: Credential, here: Here, caller: Caller, database: Db) -> Introspection:
    """Who sent this API key or access token; 401 when nobody we know."""
    return await commands.introspect(database, here.extra["signer"], body.credential, now=clock.now())
