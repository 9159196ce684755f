"""Who may end, change and see which membership. Pure: the caller reads what these functions need."""

from services.membership.groups.access import adds_people, manages, may_look_after
from services.membership.groups.model import Group
from services.membership.hubs.access import administers
from services.membership.hubs.model import Hub
from services.membership.memberships.model import Membership
from shared.auth import Principal


def may_end_in_group(principal: Principal, person_id: str, group: Group, hub: Hub | None) -> bool:
    """Whether the caller may end this person's membership of the group: it is their own, or they manage the group."""
    return principal.person_id == person_id or manages(principal, group, hub)


def may_end_in_hub(principal: Principal, person_id: str, hub: Hub) -> bool:
    """Whether the caller may end this person's membership of the hub: it is their own, or they administer the hub."""
    return principal.person_id == person_id or administers(principal, hub)


def may_give_roles(principal: Principal, group: Group, membership: Membership, *, has_convener: bool) -> bool:
    """Whether a caller who manages the group may change the roles of this member.

    They may if they could add people to the group. In a group without a convener they may also give roles to a member
    who has accepted being in it.
    """
    if adds_people(principal, group, has_convener=has_convener):
        return True
    return membership.accepted_at is not None and not has_convener


def may_see(principal: Principal, membership: Membership) -> bool:
    """Whether the caller may see this membership: everybody sees a live one; a past one only its person and whoever
    looks after the place."""
    if membership.left_at is None or principal.person_id == membership.person_id:
        return True
    return may_look_after(principal) and principal.looks_after(membership.hub_id, membership.group_id)
