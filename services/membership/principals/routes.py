"""Which caller a credential stands for. Only the gateway may ask."""

from services.membership.principals import commands
from services.membership.principals.introspection import Introspection
from services.membership.principals.model import Credential
from shared import clock
from shared.app import Caller, Db, Here
from shared.routing import OnlyFor, Routes

ROUTES = Routes("principals")


# Default values are left out, so that an older gateway, which refuses unknown fields, understands most answers.
@ROUTES.post("/principals", needs=OnlyFor("gateway"), leave_out_defaults=True)
async def introspect(body: Credential, here: Here, caller: Caller, database: Db) -> Introspection:
    """The caller that this API key or access token stands for; 401 when it is not accepted."""
    return await commands.introspect(database, here.extra["signer"], body.credential, now=clock.now())
