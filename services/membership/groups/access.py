"""Who may do what in a group. Pure: commands ask when something is done, views ask beforehand."""

from services.membership.groups.model import Group
from services.membership.hubs.access import looks_after
from services.membership.hubs.model import Hub
from shared.auth import Principal
from shared.contracts.membership.groups import JoinPolicy


def may_look_after(principal: Principal) -> bool:
    """Whether the caller may look after hubs and groups at all. A key needs `hub:admin`; a person needs no scope."""
    return principal.kind != "client" or principal.can("hub:admin")


def manages(principal: Principal, group: Group, hub: Hub | None) -> bool:
    """Whether the caller may manage this group of this hub: they convene it, or look after its hub or a hub above."""
    if not may_look_after(principal):
        return False
    return principal.looks_after(group.hub_id, group.id) or (hub is not None and looks_after(principal, hub))


def adds_people(principal: Principal, group: Group, *, has_convener: bool) -> bool:
    """Whether a caller who manages the group may add people to it.

    Only a convener adds people to a group that is not open, also after its last convener has left: its members shared
    things with one another, not with people whom the hub adds later. Before its first convener, the hub may add people.
    """
    if group.join_policy is JoinPolicy.OPEN or group.id in principal.convenes:
        return True
    return not group.founded and not has_convener


def can_change(principal: Principal, group: Group, hub: Hub | None) -> bool:
    """Whether `change_group` would let the caller change this group now."""
    return group.archived_at is None and manages(principal, group, hub)


def can_join(principal: Principal, group: Group, hub: Hub | None, *, is_in: bool, has_convener: bool) -> bool:
    """Whether `join_group` would let the caller join now. A member may join again, which changes nothing."""
    if principal.person_id is None or group.archived_at is not None:
        return False
    if is_in or group.join_policy is JoinPolicy.OPEN:
        return True
    return manages(principal, group, hub) and adds_people(principal, group, has_convener=has_convener)
