"""Addresses for mail, for notify alone."""

from services.membership.contacts import commands
from services.membership.contacts.model import MailAddressRequest, MailAddressView
from shared.app import Caller, Db
from shared.routing import OnlyFor, Routes

ROUTES = Routes("contacts")


@ROUTES.post("/contacts", needs=OnlyFor("notify"))
async def addresses(body: MailAddressRequest, caller: Caller, database: Db) -> list[MailAddressView]:
    """Where mail to these people goes. Who may not be mailed for this purpose is left out."""
    return await commands.addresses(database, body)
