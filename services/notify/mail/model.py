"""A mail that is owed, and when to try again. Pure. It holds neither address nor code."""

from datetime import datetime, timedelta
from enum import StrEnum

from shared.values import Stored

WAITS = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 5, 10, 20, 30, 60))
"""The wait after each failed try. The last one is repeated."""

OWED_FOR = timedelta(minutes=10)
"""How long a mail is tried: as long as its sign-in code is valid."""


class MailStatus(StrEnum):
    """Where a mail stands. Suppressed: it is not wanted any more. Failed: it could not be handed over."""

    PENDING = "pending"
    SENT = "sent"
    SUPPRESSED = "suppressed"
    FAILED = "failed"


class SignInMail(Stored):
    """A sign-in code that was asked for. `id` is the request's."""

    id: str
    status: MailStatus = MailStatus.PENDING
    tries: int = 0
    due_at: datetime
    created_at: datetime

    def after_trouble(self, now: datetime) -> "SignInMail":
        """The mail after a try that did not go through but may, later."""
        due_at = now + WAITS[min(self.tries, len(WAITS) - 1)]
        in_time = due_at < self.created_at + OWED_FOR
        status = MailStatus.PENDING if in_time else MailStatus.FAILED
        return self.model_copy(update={"tries": self.tries + 1, "due_at": due_at, "status": status})

    def settled(self, status: MailStatus) -> "SignInMail":
        """The mail, finished with this status."""
        return self.model_copy(update={"tries": self.tries + 1, "status": status})
