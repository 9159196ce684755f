"""Giving out addresses for mail, when consent and purpose allow it."""

from services.membership.contacts.model import MailAddressRequest, MailAddressView
from services.membership.people import store as people
from shared.mongo import Database


async def addresses(database: Database, wanted: MailAddressRequest) -> list[MailAddressView]:
    """The addresses of those of these people who may be mailed for this purpose; the others are left out."""
    found = await people.by_ids(database, wanted.person_ids)
    return [
        MailAddressView(person_id=person.id, address=person.address, name=person.name)
        for person in found
        if person.may_be_mailed(wanted.purpose)
    ]
