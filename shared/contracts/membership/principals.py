"""Who is calling: what membership tells the gateways, which remember what credentials open."""

from datetime import datetime
from typing import ClassVar

from shared.messaging.envelope import Message


class OutboxCurrent(Message):
    """Membership has told all that changed before `until`. For the gateways alone, several times a second: what they
    remember of credentials is used only while this is heard."""

    topic: ClassVar[str] = "membership.outbox_current"
    public: ClassVar[bool] = False
    broadcast: ClassVar[bool] = True
    until: datetime
