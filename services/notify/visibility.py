"""Which hubs a caller's webhooks and messages may concern: those it looks after, the hubs below included."""

from collections.abc import Sequence
from typing import Any

from shared.auth import Principal


def in_hubs_of(principal: Principal) -> dict[str, Any]:
    """The filter for documents with a `hub_id`: those of the hubs the caller looks after; empty for every hub."""
    return {} if principal.everywhere else in_hubs(sorted(principal.steward_of))


def in_hubs(hub_ids: Sequence[str]) -> dict[str, Any]:
    """The filter for documents of these hubs."""
    return {"hub_id": {"$in": list(hub_ids)}}
