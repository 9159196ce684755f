"""What the process of schemathesis is told of the world."""

from pydantic import BaseModel

from shared.auth import Principal


class World(BaseModel):
    """Who asks which service, and what there is: an id for each parameter of a path."""

    service: str
    secret: str
    caller: Principal
    ids: dict[str, str]
