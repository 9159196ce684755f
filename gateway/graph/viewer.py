"""The caller, as `viewer`."""

from typing import Any

from gateway.graph.declared import Info, declare
from gateway.graph.membership.sign_in import Viewer
from shared.auth import SCOPES


def _viewer(source: Any, info: Info) -> dict[str, Any]:
    """The caller, from the principal of the request. No service is asked."""
    who = info.context.principal
    return {
        "kind": who.kind,
        "caller_id": None if who.kind == "anonymous" else who.id,
        "scopes": [scope for scope in SCOPES if scope in who.scopes],  # leaves out those of newer versions
        "person_id": who.person_id,
        "hubs": sorted(who.hubs),
        "groups": sorted(who.groups),
    }


VIEWER = declare("viewer", Viewer, _viewer, description="The caller, and what they may do.")
