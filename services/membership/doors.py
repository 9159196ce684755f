"""Doors that only one of our own parts may open."""

from shared.auth import Principal
from shared.errors import NotAllowed, NotSignedIn


def require_service(principal: Principal, name: str) -> None:
    """Raise unless it is this part of ours that calls: `NotSignedIn` for nobody, else `NotAllowed`."""
    if principal.kind == "anonymous":
        raise NotSignedIn
    if principal.kind != "service" or principal.id != name:
        raise NotAllowed(code="not_for_you", message="This is for the inside of the system alone.")
