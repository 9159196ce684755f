"""A message as it stands in the log. Pure."""

import json
from datetime import datetime
from typing import Any

from shared.values import Stored


class LoggedMessage(Stored):
    """One message: `body` are the very bytes that travelled; `sequence` counts from 1 without gaps."""

    id: str
    sequence: int
    topic: str
    type: str
    hub_id: str
    subject: str
    time: datetime
    body: bytes

    def envelope(self) -> dict[str, Any]:
        """The CloudEvents document."""
        document: dict[str, Any] = json.loads(self.body)
        return document
