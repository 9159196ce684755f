"""Finding out who a credential belongs to, what it opens, and whether a key still opens anything."""

from collections.abc import Sequence
from datetime import datetime

from services.membership.api_keys.model import ApiKey
from services.membership.principals.introspection import Introspection
from services.membership.principals.keys import Rights, introspect_key, stop_reason
from services.membership.principals.model import HUBS, LONGEST, CredentialRefused
from services.membership.principals.people import person_principal
from services.membership.sign_in import store as sessions
from services.membership.sign_in.model import Signer
from shared.contracts.membership.api_keys import ApiKeyView
from shared.keys import looks_like_key
from shared.mongo import Database


async def introspect(database: Database, signer: Signer, credential: str, *, now: datetime) -> Introspection:
    """The caller that this API key or access token stands for. Raises `CredentialRefused` or another `NotSignedIn`."""
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


async def key_views(database: Database, keys: Sequence[ApiKey], *, now: datetime) -> list[ApiKeyView]:
    """These keys without their secrets, each with why it opens nothing now, if it opens nothing."""
    rights = Rights(database, now)
    return [key.view(await stop_reason(rights, key)) for key in keys]
