"""Notify's question: to which addresses does mail to these people go?"""

from typing import Annotated, Literal

from pydantic import Field

from shared.consent import Purpose
from shared.contracts.membership.people import PersonId
from shared.contracts.view import View
from shared.values import Input


class MailAddressRequest(Input):
    """The people whose addresses are asked for, and the purpose of the mail."""

    person_ids: Annotated[list[str], Field(max_length=500)]
    purpose: Literal[Purpose.OWN_MAIL]


class MailAddressView(View):
    """Where mail to a person goes."""

    person_id: PersonId
    address: str
    name: str
