"""A person as a caller: the rights that their memberships give them now."""

from datetime import datetime

from services.membership.hubs import store as hubs
from services.membership.memberships import store as memberships
from services.membership.people import store as people
from services.membership.principals.model import CredentialRefused
from shared.auth import PERSON_SCOPES, Principal
from shared.contracts.membership.memberships import Role
from shared.mongo import Database

STEWARD_SCOPES = frozenset({"hub:admin", "webhooks:manage"})


async def person_principal(
    database: Database, person_id: str, now: datetime, *, session: str | None = None
) -> Principal:
    """A person as a caller, with scopes, groups, and hubs with those above them, from their memberships.

    A member of a group is not a member of its hub. Memberships that the person has not accepted give no rights, because
    others can add anybody anywhere. Raises `CredentialRefused` when there is no such person.
    """
    person = await people.find(database, person_id)
    if person is None:
        raise CredentialRefused
    live = [m for m in await memberships.of_person(database, person_id) if m.accepted_at is not None]
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
        session=session,
        # Read before the memberships: of a change in between, they may know more than the number says, never less.
        belonging_version=person.belonging_version,
    )
