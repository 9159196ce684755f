"""Adding people and changing their profiles."""

from datetime import datetime

from services.membership.hubs.commands import get_looked_after
from services.membership.memberships import store as memberships
from services.membership.memberships.commands import add_to_hub
from services.membership.memberships.model import home_hub
from services.membership.organisations import store as organisations
from services.membership.people import model, store
from services.membership.people.model import AddressInUse, ContactsAreTheirOwners, Person
from shared.auth import Principal
from shared.commands import in_transaction
from shared.contracts.membership.people import ChangePerson, NewPerson, PersonAdded, PersonChanged
from shared.errors import NotFound
from shared.mongo import Database, Transaction, expect_version


@in_transaction(duplicate=lambda: AddressInUse(path=("email",)))
async def add_person(tx: Transaction, principal: Principal, new: NewPerson, *, now: datetime) -> Person:
    """Add a person to the community, and to a hub when one is named.

    Raises `AddressInUse`, and `NotFound` for a hub that the caller does not look after.
    """
    if new.hub_id is not None:
        await get_looked_after(tx.database, principal, new.hub_id, ("hub_id",))
    person = model.add_person(new, now)
    await store.add(tx.database, person)
    tx.record(PersonAdded(person_id=person.id, version=person.version), subject=person.id, hub=new.hub_id)
    if new.hub_id is not None:
        await add_to_hub(tx.database, principal, new.hub_id, person.id, (), now=now)
    return person


@in_transaction()
async def change_person(
    tx: Transaction, principal: Principal, person_id: str, change: ChangePerson, *, now: datetime
) -> Person:
    """Change one's own profile. An operator may change anybody's profile, but never their contacts.

    Raises `NotFound` for somebody else's profile and for an unknown organisation, `ContactsAreTheirOwners`, `Stale`.
    """
    if not can_change(principal, person_id):
        raise NotFound
    if principal.person_id != person_id and "contacts" in change.model_fields_set:
        raise ContactsAreTheirOwners(path=("contacts",))
    person = await store.get(tx.database, person_id)
    expect_version(change.version, person.version)
    await _expect_organisations(tx.database, change)
    after, changed = model.change_person(person, change)
    if changed:
        await store.save(tx.database, after)
        home = home_hub(await memberships.of_person(tx.database, person_id))
        tx.record(
            PersonChanged(person_id=person_id, changed=changed, version=after.version), subject=person_id, hub=home
        )
    return after


def can_change(principal: Principal, person_id: str) -> bool:
    """Whether `change_person` would let the caller change this profile: it is theirs, or they are an operator."""
    return principal.person_id == person_id or (principal.everywhere and principal.can("community:admin"))


async def _expect_organisations(database: Database, change: ChangePerson) -> None:
    wanted = [affiliation.organisation_id for affiliation in change.affiliations]
    known = {organisation.id for organisation in await organisations.by_ids(database, wanted)} if wanted else set()
    for position, organisation_id in enumerate(wanted):
        if organisation_id not in known:
            raise NotFound(path=("affiliations", position, "organisation_id"))
