"""What the gateway is told of a credential."""

from datetime import datetime

from pydantic import BaseModel

from shared.auth import Principal


class Introspection(BaseModel):
    """Who it is, until when that is so at most, and the ids whose messages may change it (`hubs`: any new hub)."""

    principal: Principal
    expires_at: datetime | None
    depends_on: list[str]
