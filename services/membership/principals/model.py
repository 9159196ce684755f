"""What the gateway asks: who sent this credential?"""

from shared.errors import NotSignedIn
from shared.values import Input

LONGEST = 8192  # characters of a credential, as at the gateway
HUBS = "hubs"  # stands for "whenever a hub is added": the principal depends on which hubs lie below another


class CredentialRefused(NotSignedIn):
    """The credential is unknown, expired, revoked, or its session has ended."""

    code = "credential_refused"
    message = "This credential is not accepted. Sign in again, or use another API key."


class Credential(Input):
    """An API key or an access token. Its length is no matter of form: one that is too long is nobody's."""

    credential: str
