"""Who a credential belongs to, for the gateway alone."""

from services.membership.doors import require_service
from services.membership.principals import commands
from services.membership.principals.commands import Resolved
from services.membership.principals.model import Credential
from shared import clock
from shared.app import Caller, Db, Here, router

routes = router("principals")


# Without defaults: a gateway of before, which knows fewer fields, still understands whom they are not about.
@routes.post("/principals", response_model_exclude_defaults=True)
async def resolve(body: Credential, here: Here, caller: Caller, database: Db) -> Resolved:
    """Who sent this API key or access token; 401 when nobody we know."""
    require_service(caller, "gateway")
    return await commands.resolve(database, here.extra["signer"], body.credential, clock.now())
