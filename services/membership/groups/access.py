"""Who may do what in a group. Commands ask it when something is done, views beforehand."""

from services.membership.groups.model import Group
from services.membership.hubs.access import looks_after
from services.membership.hubs.model import Hub
from shared.auth import Principal
from shared.contracts.membership.groups import JoinPolicy


def may_look_after(principal: Principal) -> bool:
    """Whether the caller may look after any place at all: a person by what they do for it, a key by `hub:admin`."""
    return principal.kind != "client" or principal.can("hub:admin")


def manages(principal: Principal, group: Group, hub: Hub | None) -> bool:
    """Whether the caller may manage the group of this hub: as its convener, or by looking after its hub or one above
    that."""
    if not may_look_after(principal):
        return False
    return principal.looks_after(group.hub_id, group.id) or (hub is not None and looks_after(principal, hub))


def adds_people(principal: Principal, group: Group, *, has_convener: bool) -> bool:
    """Whether who manages the group may put people into it. One that is not open trusts its own conveners alone, also
    when the last has left: what was said there was not said to the people its hub sends next."""
    if group.join_policy is JoinPolicy.OPEN or group.id in principal.convenes:
        return True
    return not group.founded and not has_convener


def can_change(principal: Principal, group: Group, hub: Hub | None) -> bool:
    """Whether `change_group` would let the caller change this group now."""
    return group.archived_at is None and manages(principal, group, hub)


def can_join(principal: Principal, group: Group, hub: Hub | None, *, is_in: bool, has_convener: bool) -> bool:
    """Whether `join_group` would let the caller join now. Who is in already may say so again."""
    if principal.person_id is None or group.archived_at is not None:
        return False
    if is_in or group.join_policy is JoinPolicy.OPEN:
        return True
    return manages(principal, group, hub) and adds_people(principal, group, has_convener=has_convener)
