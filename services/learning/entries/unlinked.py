"""Nothing done to an entry can be traced to the request that did it.

One request may share an anonymous entry and, under its author's name, do something else. A request id or a trace common
to both would say who wrote the entry; so what is done here begins an id and a trace of its own, and is no span of any.
"""

from collections.abc import Mapping
from typing import Any


def concerns_entries(scope: Mapping[str, Any]) -> bool:
    """Whether an ASGI request writes an entry, or reads one by its id, as is done in the moment after writing."""
    path: str = scope.get("path", "")
    return path.startswith("/entries") and (scope.get("method") != "GET" or path != "/entries")
