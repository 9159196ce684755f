"""Finding out who a credential belongs to, and what that opens."""

from datetime import datetime

from pydantic import BaseModel

from services.membership.api_keys import store as api_keys
from services.membership.hubs import store as hubs
from services.membership.members import store as members
from services.membership.people import store as people
from services.membership.principals.model import HUBS, LONGEST, CredentialRefused
from services.membership.sign_in import store as sessions
from services.membership.sign_in.model import Signer
from shared.auth import PERSON_SCOPES, Principal
from shared.contracts.membership.memberships import Role
from shared.keys import looks_like_key, parse_key
from shared.mongo import Database

STEWARD_SCOPES = frozenset({"hub:admin", "webhooks:manage"})


class Resolved(BaseModel):
    """Who it is, until when that is so at most, and the ids whose messages may change it (`hubs`: any new hub)."""

    principal: Principal
    expires_at: datetime | None
    depends_on: list[str]


async def resolve(database: Database, signer: Signer, credential: str, now: datetime) -> Resolved:
    """Who sent this API key or access token. Raises `CredentialRefused` or another `NotSignedIn`."""
    if not 0 < len(credential) <= LONGEST:
        raise CredentialRefused
    if looks_like_key(credential):
        return await _resolve_key(database, credential, now)
    claims = signer.read(credential, now)
    session = await sessions.find_session(database, claims.session_id)
    if session is None or not session.is_live(now) or session.person_id != claims.person_id:
        raise CredentialRefused
    principal = await person_principal(database, claims.person_id, now, session=session.id)
    depends_on = [principal.id, session.id, *([HUBS] if principal.steward_of else [])]
    return Resolved(principal=principal, expires_at=claims.expires_at, depends_on=depends_on)


async def person_principal(
    database: Database, person_id: str, now: datetime, *, session: str | None = None
) -> Principal:
    """A person as a caller: scopes, hubs (and those above) and groups from their memberships of them. Being in a group
    is not being in its hub, and what the person has not accepted counts for nothing: others may put anybody anywhere.
    Raises `CredentialRefused` for nobody.
    """
    person = await people.find(database, person_id)
    if person is None:
        raise CredentialRefused
    live = [m for m in await members.of_person(database, person_id) if m.accepted_at is not None]
    own = await hubs.by_ids(database, {m.hub_id for m in live if m.group_id is None})
    stewarded = [m.hub_id for m in live if m.group_id is None and Role.STEWARD in m.roles]
    steward_of = await hubs.ids_at_or_below(database, stewarded) if stewarded else []
    return Principal(
        kind="person",
        id=person_id,
        scopes=PERSON_SCOPES | (STEWARD_SCOPES if steward_of else frozenset()),
        hubs=frozenset(hub_id for hub in own for hub_id in hub.lineage),
        groups={m.group_id: m.hub_id for m in live if m.group_id is not None},
        steward_of=frozenset(steward_of),
        convenes=frozenset(m.group_id for m in live if m.group_id is not None and m.looks_after),
        organisations=frozenset(a.organisation_id for a in person.affiliations if a.is_current(now.date())),
    )


async def _resolve_key(database: Database, text: str, now: datetime) -> Resolved:
    parsed = parse_key(text)
    key = await api_keys.find(database, parsed.key_id) if parsed else None
    secret = key.opened_by(text, now) if key else None
    if key is None or secret is None:
        raise CredentialRefused
    await api_keys.note_use(database, key, now)
    below = await hubs.ids_at_or_below(database, [key.hub_id]) if key.hub_id else []
    principal = Principal(
        kind="client",
        id=key.id,
        scopes=frozenset(key.scopes),
        hubs=frozenset(below),
        steward_of=frozenset(below),
        everywhere=key.hub_id is None and "community:admin" in key.scopes,
        superseded=secret.until is not None,
    )
    return Resolved(
        principal=principal,
        expires_at=key.ends_at(secret),
        depends_on=[key.id, *([HUBS] if key.hub_id else [])],
    )
