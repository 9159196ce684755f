"""The log of public messages."""

from datetime import datetime
from typing import Annotated, Any

from shared.contracts.membership.hubs import HubId
from shared.contracts.view import View
from shared.ids import IdType

MessageId = Annotated[str, IdType("msg")]


class LoggedMessageView(View):
    """A public message as it stands in the one log. `sequence` has no gaps; `envelope` is the CloudEvents document."""

    id: MessageId
    sequence: int
    topic: str
    type: str
    hub_id: HubId | None
    subject: str
    time: datetime
    envelope: dict[str, Any]
