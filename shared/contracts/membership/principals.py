"""What membership tells the gateways about the credentials that they remember."""

from datetime import datetime
from typing import ClassVar

from shared.messaging.envelope import Message


class OutboxCurrent(Message):
    """Membership has published every change that was made before `until`. It is sent several times a second, only to
    the gateways: they use what they remember of credentials only while they hear it."""

    topic: ClassVar[str] = "membership.outbox_current"
    public: ClassVar[bool] = False
    broadcast: ClassVar[bool] = True
    until: datetime
