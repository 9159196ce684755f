"""Mail addresses, for the notify service only."""

from services.membership.contacts import commands
from services.membership.contacts.model import MailAddressRequest, MailAddressView
from shared.app import Caller, Db
from shared.routing import OnlyFor, Routes

ROUTES = Routes("contacts")


@ROUTES.post("/contacts", needs=OnlyFor("notify"))
async def addresses(body: MailAddressRequest, caller: Caller, database: Db) -> list[MailAddressView]:
    """The mail addresses of these people. People who may not be mailed for this purpose are left out."""
    return await commands.addresses(database, body)
