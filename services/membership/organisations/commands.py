"""Adding and changing organisations."""

from datetime import datetime

from services.membership.hubs.commands import get_looked_after
from services.membership.organisations import model, store
from services.membership.organisations.model import Organisation, OrganisationExists
from shared.auth import Principal
from shared.commands import in_transaction
from shared.contracts.membership.organisations import (
    NewOrganisation,
    OrganisationAdded,
    OrganisationChanged,
    OrganisationChanges,
)
from shared.mongo import Transaction, expect_version


@in_transaction()
async def add_organisation(
    tx: Transaction, principal: Principal, new: NewOrganisation, *, now: datetime
) -> Organisation:
    """Add an organisation to the community.

    Raises `NotFound` for a hub that the caller does not look after, and `OrganisationExists` when there is one with
    this name, unless `is_another` says that it is a different one.
    """
    if new.hub_id is not None:
        await get_looked_after(tx.database, principal, new.hub_id, ("hub_id",))
    same_name = await store.lock_name(tx.database, new.name)
    if same_name and not new.is_another:
        raise OrganisationExists(same_name)
    organisation = model.add_organisation(new, now)
    await store.add(tx.database, organisation)
    tx.record(
        OrganisationAdded(organisation_id=organisation.id, version=organisation.version),
        subject=organisation.id,
        hub=new.hub_id,
    )
    return organisation


@in_transaction()
async def change_organisation(
    tx: Transaction, principal: Principal, organisation_id: str, changes: OrganisationChanges, *, now: datetime
) -> Organisation:
    """Change the description of an organisation. Organisations belong to no hub: whoever may add one may change any.

    Raises `NotFound`, `Stale`, and `OrganisationExists` when there is another one with the new name, unless
    `is_another` says that it is a different one.
    """
    organisation = await store.get(tx.database, organisation_id)
    expect_version(changes.version, organisation.version)
    after, changed = model.change_organisation(organisation, changes)
    if "name" in changed:
        same_name = [each for each in await store.lock_name(tx.database, after.name) if each.id != organisation.id]
        if same_name and not changes.is_another:
            raise OrganisationExists(same_name)
    if changed:
        await store.save(tx.database, after)
        tx.record(
            OrganisationChanged(organisation_id=organisation.id, changed=changed, version=after.version),
            subject=organisation.id,
        )
    return after
