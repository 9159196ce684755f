"""Who may look after and change which hub. Pure: commands and views ask the same functions."""

from services.membership.hubs.model import Hub
from shared.auth import Principal


def looks_after(principal: Principal, hub: Hub) -> bool:
    """Whether the caller looks after this hub, or after a hub above it."""
    return any(principal.looks_after_hub(hub_id) for hub_id in hub.lineage)


def administers(principal: Principal, hub: Hub) -> bool:
    """Whether the caller looks after this hub and has the scope `hub:admin`."""
    return principal.can("hub:admin") and looks_after(principal, hub)


def can_change(principal: Principal, hub: Hub) -> bool:
    """Whether `change_hub` would let the caller change this hub now."""
    return administers(principal, hub) and hub.archived_at is None
