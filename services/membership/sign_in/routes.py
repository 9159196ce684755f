"""Sign-in over HTTP. The doors for strangers need no token; the one for mail is notify's alone."""

from typing import Annotated, Any, cast

from fastapi import Depends

from services.membership.doors import require_service
from services.membership.sign_in import commands
from services.membership.sign_in.model import AskForCode, Refresh, Signer, UseCode
from shared import clock
from shared.app import Caller, Db, Here, router
from shared.contracts.membership import CodeMailView, SessionView
from shared.logging import log

routes = router("sign-in")


def signer_of(here: Here) -> Signer:
    """Who signs access tokens here."""
    return cast(Signer, here.extra["signer"])


Signing = Annotated[Signer, Depends(signer_of)]


@routes.post("/sign-in/codes", status_code=202)
async def ask(body: AskForCode, here: Here, database: Db) -> dict[str, bool]:
    """Ask for a code by mail. The answer is the same for every address, and for one that asked too often."""
    if not await commands.request_code(database, here.secret, body.email, clock.now()):
        log.info("sign_in_code_not_sent", reason="asked too often")
    return {"sent": True}


@routes.post("/sign-in/requests/{request_id}/mail")
async def make_code(request_id: str, here: Here, caller: Caller, database: Db) -> CodeMailView:
    """Make the code for a request, to be mailed at once."""
    require_service(caller, "notify")
    return await commands.make_code(database, here.secret, request_id, clock.now())


@routes.post("/sign-in/sessions", status_code=201)
async def sign_in(body: UseCode, here: Here, signer: Signing, database: Db) -> SessionView:
    """Sign in with a code."""
    return await commands.sign_in(database, here.secret, signer, body.email, body.code, clock.now())


@routes.post("/sign-in/refresh")
async def refresh(body: Refresh, signer: Signing, database: Db) -> SessionView:
    """Exchange a refresh token for new tokens."""
    return await commands.refresh(database, signer, body.refresh_token, clock.now())


@routes.delete("/sign-in/session")
async def sign_out(caller: Caller, database: Db) -> dict[str, bool]:
    """End the session one came with."""
    caller.require_person()
    await commands.sign_out(database, caller, clock.now())
    return {"ended": True}


@routes.get("/.well-known/jwks.json")
async def public_keys(signer: Signing) -> dict[str, Any]:
    """The keys to check access tokens with (RFC 7517)."""
    return signer.public_keys()
