"""The gateway's question: which caller does this credential stand for?"""

from shared.errors import NotSignedIn
from shared.values import Input

LONGEST = 8192  # characters of a credential, as at the gateway
HUBS = "hubs"  # in `depends_on`: the principal depends on which hubs there are, so on every new hub


class CredentialRefused(NotSignedIn):
    """The credential is unknown, expired, revoked, or its session has ended."""

    code = "credential_refused"
    message = "This credential is not accepted. Sign in again, or use another API key."


class Credential(Input):
    """An API key or an access token. One that is too long is not malformed: it is refused like any unknown one."""

    credential: str
