"""Addresses for mail, for notify alone."""

from services.membership.contacts import commands
from services.membership.contacts.model import MailAddressView, Wanted
from services.membership.doors import require_service
from shared.app import Caller, Db, router

routes = router("contacts")


@routes.post("/contacts")
async def addresses(body: Wanted, caller: Caller, database: Db) -> list[MailAddressView]:
    """Where mail to these people goes. Who may not be mailed for this purpose is left out."""
    require_service(caller, "notify")
    return await commands.addresses(database, body)
