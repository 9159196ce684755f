"""Signing in and out, and API keys."""

from datetime import datetime

import strawberry

from gateway.context import Context
from gateway.graph.membership.types import ApiKey, Session
from gateway.graph.mutation import Mutation, the
from gateway.graph.names import Fields
from gateway.graph.shapes import about, given


@given
class RequestSignInCodeInput:
    """Have a code sent, which signs in once within ten minutes."""

    email: str


@given
class SignInInput:
    """Sign in with the code that was sent."""

    email: str
    code: str


@given
class RefreshSessionInput:
    """Go on being signed in. A refresh token works once; using one twice ends the session."""

    refresh_token: str


@given
class CreateApiKeyInput:
    """A key for a hub's site or a partner's sync. It can do no more than who makes it."""

    name: str
    hub_id: strawberry.ID | None = about("It opens this hub and the hubs below it.", name="hub")
    scopes: list[str]
    expires_at: datetime | None


@given
class RotateApiKeyInput:
    """Give a key a new secret; the old one goes on working for a while."""

    api_key_id: strawberry.ID = about("The key.", name="apiKey")
    overlap_seconds: int | None = about("How long the old secret still works: a day unless you say otherwise.")


@given
class RevokeApiKeyInput:
    """End a key at once."""

    api_key_id: strawberry.ID = about("The key.", name="apiKey")


async def _own_token(context: Context, fields: Fields) -> None:
    """Sign out by the token that was sent. Raises unless a person sent it, or did before their session was over."""
    if not context.has_expired:
        context.principal.require_person()
    fields["access_token"] = context.credential


_SECRET = {"api_key": ApiKey, "secret": str}

MUTATIONS = (
    Mutation(
        name="requestSignInCode",
        about="Have a sign-in code sent by e-mail. The answer is the same whether or not the address is known.",
        service="membership",
        method="POST",
        path="/sign-in/codes",
        input=RequestSignInCodeInput,
        gives={"sent": bool},
        answer=lambda answer: {"sent": answer["sent"]},
        takes_expired=True,
    ),
    Mutation(
        name="signIn",
        about="Sign in.",
        service="membership",
        method="POST",
        path="/sign-in/sessions",
        input=SignInInput,
        gives={"session": Session},
        answer=the("session"),
        signs_in=True,
        takes_expired=True,
    ),
    Mutation(
        name="refreshSession",
        about="Exchange a refresh token for new tokens.",
        service="membership",
        method="POST",
        path="/sign-in/refresh",
        input=RefreshSessionInput,
        gives={"session": Session},
        answer=the("session"),
        signs_in=True,
        takes_expired=True,
    ),
    Mutation(
        name="signOut",
        about="End this session: its tokens open nothing any more. Send it again when the answer got lost.",
        service="membership",
        method="POST",
        path="/sign-in/sign-out",
        before=_own_token,
        gives={"signed_out": bool},
        answer=lambda answer: {"signed_out": True},
        takes_expired=True,
    ),
    Mutation(
        name="createApiKey",
        about="Make an API key. Its secret is shown this once.",
        service="membership",
        method="POST",
        path="/api-keys",
        input=CreateApiKeyInput,
        gives=_SECRET,
        answer=lambda answer: {"api_key": answer["key"], "secret": answer["secret"]},
    ),
    Mutation(
        name="rotateApiKey",
        about="Give an API key a new secret. It is shown this once.",
        service="membership",
        method="POST",
        path="/api-keys/{api_key_id}/rotate",
        input=RotateApiKeyInput,
        gives=_SECRET,
        answer=lambda answer: {"api_key": answer["key"], "secret": answer["secret"]},
    ),
    Mutation(
        name="revokeApiKey",
        about="End an API key; it opens nothing from now on.",
        service="membership",
        method="POST",
        path="/api-keys/{api_key_id}/revoke",
        input=RevokeApiKeyInput,
        gives={"api_key": ApiKey},
        answer=the("api_key"),
    ),
)
