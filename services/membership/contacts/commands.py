"""Looking up mail addresses, as far as the consent policy allows the purpose."""

from services.membership.contacts.model import MailAddressRequest, MailAddressView
from services.membership.people import store as people
from shared.mongo import Database


async def addresses(database: Database, request: MailAddressRequest) -> list[MailAddressView]:
    """The addresses of these people. People who may not be mailed for this purpose are left out."""
    found = await people.by_ids(database, request.person_ids)
    return [
        MailAddressView(person_id=person.id, address=person.address, name=person.name)
        for person in found
        if person.may_be_mailed(request.purpose)
    ]
