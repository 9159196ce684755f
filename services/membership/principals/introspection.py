"""What the gateway learns about a credential (compare token introspection, RFC 7662)."""

from datetime import datetime

from pydantic import BaseModel

from shared.auth import Principal


class Introspection(BaseModel):
    """The caller, the latest time until which this holds, and the ids whose messages may change it.

    `hubs` among `depends_on` stands for every new hub.
    """

    principal: Principal
    expires_at: datetime | None
    depends_on: list[str]
