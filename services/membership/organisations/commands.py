"""What can be done with organisations."""

from datetime import datetime

from services.membership.hubs.commands import get_looked_after
from services.membership.organisations import model, store
from services.membership.organisations.model import Organisation, OrganisationExists
from shared.auth import Principal
from shared.contracts.membership.organisations import NewOrganisation, OrganisationAdded
from shared.mongo import Database, Transaction


async def add_organisation(
    database: Database, principal: Principal, new: NewOrganisation, now: datetime
) -> Organisation:
    """Bring an organisation into the community. Raises `NotFound` for a hub the caller does not look after, and
    `OrganisationExists` when there is one of this name, unless the caller says that it is another.
    """

    async def work(tx: Transaction) -> Organisation:
        if new.hub_id is not None:
            await get_looked_after(tx.database, principal, new.hub_id, ("hub_id",))
        there = await store.of_name(tx.database, new.name)
        if there and not new.is_another:
            raise OrganisationExists(there)
        organisation = model.add_organisation(new, now)
        await store.add(tx.database, organisation)
        tx.record(
            OrganisationAdded(organisation_id=organisation.id, version=organisation.version),
            subject=organisation.id,
            hub=new.hub_id,
        )
        return organisation

    return await database.transaction(work)
