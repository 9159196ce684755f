"""Signing in by a code from one's mail, and staying signed in."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.membership.people import PersonId
from shared.contracts.view import View
from shared.messaging.envelope import Message
from shared.values import EmailAddress, Input


class SessionEnded(Message):
    """A sign-in is over (signed out, or its refresh token was used twice). For the gateways alone."""

    topic: ClassVar[str] = "membership.session_ended"
    public: ClassVar[bool] = False
    broadcast: ClassVar[bool] = True
    person_id: PersonId
    session_id: str


class SignInRequested(Message):
    """Somebody asked for a code. Notify fetches address and code from membership when it sends the mail.

    An address nobody has is told of just the same, so that neither answer nor timing gives it away; membership then
    has no mail to send.
    """

    topic: ClassVar[str] = "membership.sign_in_requested"
    public: ClassVar[bool] = False
    request_id: str


class AskForCode(Input):
    """Whose mail box the code goes to."""

    email: EmailAddress


class UseCode(Input):
    """An address and the code that came to it."""

    email: EmailAddress
    code: Annotated[str, Field(max_length=64)]


class Refresh(Input):
    """A refresh token, good once."""

    refresh_token: Annotated[str, Field(max_length=200)]


class SignOut(Input):
    """An access token of the session that is to end."""

    access_token: Annotated[str, Field(max_length=8192)]


class SessionView(View):
    """Tokens after signing in or refreshing. Times are seconds from now."""

    person_id: PersonId
    access_token: str
    refresh_token: str
    expires_in: int
    refresh_expires_in: int


class CodeMailView(View):
    """Where a sign-in code goes, and the code, made this moment. For notify alone."""

    address: str
    code: str
    expires_at: datetime
