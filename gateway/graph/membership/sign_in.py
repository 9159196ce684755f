"""Signing in and out, and the caller."""

import strawberry

from gateway.context import Context
from gateway.graph.edges import Edge
from gateway.graph.enums import graph_enum
from gateway.graph.mutation import Mutation, the
from gateway.graph.names import Fields
from gateway.graph.part import Part
from gateway.graph.shapes import about, graph_input, graph_type
from shared.contracts.membership.sign_in import AskForCode, Refresh, SessionView, SignOut, UseCode
from shared.enums import Described, Scope


@graph_enum
class ViewerKind(Described):
    """What sort of caller it is."""

    PERSON = "person", "A person who has signed in."
    CLIENT = "client", "A program with an API key."
    ANONYMOUS = "anonymous", "A caller without a credential."


@graph_type(SessionView)
class Session:
    """Tokens after signing in. Times are seconds from now."""

    access_token: str = about(
        "Send it as `Authorization: Bearer …` with the requests of the person. It cannot be renewed itself."
    )
    refresh_token: str = about("Valid once, for `refreshSession`. Keep it where scripts of a page cannot read it.")
    expires_in: int = about("For how many seconds from now the access token is valid.")
    refresh_expires_in: int = about(
        "For how many seconds from now the refresh token is valid, if it is not used before."
    )


@graph_type()
class Viewer:
    """The caller, and what they may do."""

    kind: ViewerKind = about("Whether a person, a key or an anonymous caller sent the request.")
    caller_id: strawberry.ID | None = about("The id of the person or of the API key; null for an anonymous caller.")
    scopes: list[Scope] = about("What their credential opens; empty for an anonymous caller.")


@graph_input
class RequestSignInCodeInput:
    """Ask for a code by mail. It signs in once, within ten minutes."""

    email: str = about("The address the person signs in with. The code is sent there if the address is known.")


@graph_input
class SignInInput:
    """Sign in with the code from the mail."""

    email: str = about("The address the code was sent to.")
    code: str = about("The code, as the person typed it. Spaces, hyphens and lower-case letters are accepted.")


@graph_input
class RefreshSessionInput:
    """Stay signed in. A refresh token works once; using it twice ends the session."""

    refresh_token: str = about("The newest refresh token of the session. One that was used before ends the session.")


async def _own_token(context: Context, fields: Fields) -> None:
    """Send the request's own token to end its session. Raises unless it is, or was, the token of a person."""
    if not context.has_expired:
        context.principal.require_person()
    fields["access_token"] = context.credential


PART = Part(
    types=(
        Session,
        Viewer,
    ),
    edges=(
        Edge("Session", "person", "Person", key="person_id", about="Who is signed in."),
        Edge(
            "Viewer",
            "person",
            "Person",
            key="person_id",
            about="The person who is calling; null for keys and anonymous callers.",
        ),
        Edge(
            "Viewer",
            "hubs",
            "Hub",
            key="hubs",
            many=True,
            about="The hubs you belong to, and those above them. For a key: its hub and those below.",
        ),
        Edge(
            "Viewer",
            "groups",
            "Group",
            key="groups",
            many=True,
            about="The groups you are in and have accepted; empty for a key.",
        ),
    ),
    mutations=(
        Mutation(
            name="requestSignInCode",
            about="Ask for a sign-in code by e-mail. The answer is the same whether or not the address is known.",
            service="membership",
            method="POST",
            path="/sign-in/codes",
            input=RequestSignInCodeInput,
            request=AskForCode,
            gives={"sent": bool},
            answer=lambda answer: {"sent": answer["sent"]},
            takes_expired=True,
        ),
        Mutation(
            name="signIn",
            about="Begin a session with the code from the mail.",
            service="membership",
            method="POST",
            path="/sign-in/sessions",
            input=SignInInput,
            request=UseCode,
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
            request=Refresh,
            gives={"session": Session},
            answer=the("session"),
            signs_in=True,
            takes_expired=True,
        ),
        Mutation(
            name="signOut",
            about="End this session and all its tokens. Send it again if the answer got lost.",
            service="membership",
            method="POST",
            path="/sign-in/sign-out",
            before=_own_token,
            request=SignOut,
            gives={"signed_out": bool},
            answer=lambda answer: {"signed_out": True},
            takes_expired=True,
        ),
    ),
)
