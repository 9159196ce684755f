"""Which requests must not be linked to their caller in logs and traces.

One request to the gateway may share an anonymous entry and do something else under its author's name. A request id or a
trace common to both would reveal the author. So a request that concerns an entry gets a request id and a trace of its
own, and no span is made of it.
"""

from collections.abc import Mapping
from typing import Any


def concerns_entries(scope: Mapping[str, Any]) -> bool:
    """Whether an ASGI request writes an entry, or reads one by its id: clients do that right after writing it."""
    path: str = scope.get("path", "")
    return path.startswith("/entries") and (scope.get("method") != "GET" or path != "/entries")
