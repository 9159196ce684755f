"""Finding out who a credential belongs to, and what that opens."""

from datetime import datetime

from services.membership.principals.introspection import Introspection
from services.membership.principals.keys import introspect_key
from services.membership.principals.model import HUBS, LONGEST, CredentialRefused
from services.membership.principals.people import person_principal
from services.membership.sign_in import store as sessions
from services.membership.sign_in.model import Signer
from shared.keys import looks_like_key
from shared.mongo import Database


async def introspect(database: Database, signer: Signer, credential: str, *, now: datetime) -> Introspection:
    """Who sent this API key or access token. Raises `CredentialRefused` or another `NotSignedIn`."""
    if not 0 < len(credential) <= LONGEST:
        raise CredentialRefused
    if looks_like_key(credential):
        return await introspect_key(database, credential, now)
    claims = signer.read(credential, now)
    session = await sessions.find_session(database, claims.session_id)
    if session is None or not session.is_live(now) or session.person_id != claims.person_id:
        raise CredentialRefused
    principal = await person_principal(database, claims.person_id, now, session=session.id)
    depends_on = [principal.id, session.id, *([HUBS] if principal.steward_of else [])]
    return Introspection(principal=principal, expires_at=claims.expires_at, depends_on=depends_on)
