"""Sign-in over HTTP. Signing in needs no token; only notify may ask for the code to mail."""

from typing import Annotated, Any, cast

from fastapi import Depends

from services.membership.sign_in import commands
from services.membership.sign_in.model import Signer
from shared import clock
from shared.app import Caller, Db, Here
from shared.contracts.membership.sign_in import AskForCode, CodeMailView, Refresh, SessionView, SignOut, UseCode
from shared.logging import log
from shared.routing import Access, OnlyFor, Routes

ROUTES = Routes("sign-in")


def signer_of(here: Here) -> Signer:
    """The signer of access tokens."""
    return cast(Signer, here.extra["signer"])


TokenSigner = Annotated[Signer, Depends(signer_of)]


@ROUTES.post("/sign-in/codes", needs=Access.ANYBODY, status=202)
async def ask(body: AskForCode, here: Here, database: Db) -> dict[str, bool]:
    """Ask for a code by mail. The answer is always the same, also when the address is unknown or has asked too
    often."""
    if not await commands.request_code(database, here.secret, body.email, now=clock.now()):
        log.info("sign_in_code_not_sent", reason="asked too often")
    return {"sent": True}


@ROUTES.post("/sign-in/requests/{request_id}/mail", needs=OnlyFor("notify"))
async def make_code(request_id: str, here: Here, caller: Caller, database: Db) -> CodeMailView:
    """Make the code for a request. Notify mails it at once."""
    return await commands.make_code(database, here.secret, request_id, now=clock.now())


@ROUTES.post("/sign-in/sessions", needs=Access.ANYBODY, status=201)
async def sign_in(body: UseCode, here: Here, signer: TokenSigner, database: Db) -> SessionView:
    """Sign in with a code."""
    return await commands.sign_in(database, here.secret, signer, body.email, body.code, now=clock.now())


@ROUTES.post("/sign-in/refresh", needs=Access.ANYBODY)
async def refresh(body: Refresh, signer: TokenSigner, database: Db) -> SessionView:
    """Exchange a refresh token for new tokens."""
    return await commands.refresh(database, signer, body.refresh_token, now=clock.now())


@ROUTES.post("/sign-in/sign-out", needs=Access.ANYBODY)
async def sign_out(body: SignOut, signer: TokenSigner, database: Db) -> dict[str, bool]:
    """End the session of an access token. The token may have expired, and its session may have ended already."""
    await commands.sign_out(database, signer, body.access_token, now=clock.now())
    return {"ended": True}


@ROUTES.get("/.well-known/jwks.json", needs=Access.ANYBODY)
async def public_keys(signer: TokenSigner) -> dict[str, Any]:
    """The public keys to check access tokens with (RFC 7517)."""
    return signer.public_keys()
