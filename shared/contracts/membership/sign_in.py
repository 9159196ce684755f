"""Signing in with a code that is mailed, and staying signed in."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.membership.people import PersonId
from shared.contracts.view import View
from shared.messaging.envelope import Message
from shared.values import EmailAddress, Input


class SessionEnded(Message):
    """A session ended: the person signed out, or a refresh token was used twice. Only for the gateways."""

    topic: ClassVar[str] = "membership.session_ended"
    public: ClassVar[bool] = False
    broadcast: ClassVar[bool] = True
    person_id: PersonId
    session_id: str


class SignInRequested(Message):
    """Somebody asked for a code. Notify fetches the address and the code from membership when it sends the mail.

    An unknown address leads to the same message, so that neither answer nor timing shows that it is unknown. Membership
    then refuses to make a code.
    """

    topic: ClassVar[str] = "membership.sign_in_requested"
    public: ClassVar[bool] = False
    request_id: str


class AskForCode(Input):
    """The address to which the code is mailed."""

    email: EmailAddress


class UseCode(Input):
    """An address and the code that was mailed to it."""

    email: EmailAddress
    code: Annotated[str, Field(max_length=64)]


class Refresh(Input):
    """A refresh token. It works once."""

    refresh_token: Annotated[str, Field(max_length=200)]


class SignOut(Input):
    """An access token of the session to end."""

    access_token: Annotated[str, Field(max_length=8192)]


class SessionView(View):
    """The tokens after signing in or refreshing. `expires_in` and `refresh_expires_in` are seconds from now."""

    person_id: PersonId
    access_token: str
    refresh_token: str
    expires_in: int
    refresh_expires_in: int


class CodeMailView(View):
    """A sign-in code that was just made, and the address to which it is mailed. Only for notify."""

    address: str
    code: str
    expires_at: datetime
