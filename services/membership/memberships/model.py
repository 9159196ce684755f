"""A membership: a person in a hub (`group_id` is `None`) or in a group, with their roles and dates."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from shared.contracts.membership.groups import GroupId, JoinPolicy
from shared.contracts.membership.hubs import HubId
from shared.contracts.membership.memberships import MembershipId, Role, in_order
from shared.contracts.membership.people import PersonId
from shared.errors import Conflict, NotAllowed
from shared.ids import new_id
from shared.values import Stored

LOOKING_AFTER = frozenset({Role.CONVENER, Role.STEWARD})


class JoiningNeedsRequest(Conflict):
    """The group takes members on request only."""

    code = "joining_needs_request"
    message = "Ask a convener of this group to add you. Nobody can join it by themselves."


class JoiningNeedsInvitation(Conflict):
    """The group takes members by invitation only."""

    code = "joining_needs_invitation"
    message = "This group invites its members. Nobody can join it by themselves."


class InvitationNeeded(NotAllowed):
    """The group is not open and has had a convener, so only its conveners add people and change roles."""

    code = "invitation_needed"
    message = "Only a convener of this group can add people to it and change their roles. Ask one of them."


class MembershipOver(Conflict):
    """The membership has ended."""

    code = "membership_over"
    message = "This person has left. Add them again first."


class RolesAreGiven(NotAllowed):
    """A person who joins by themselves asked for more than the role of a member."""

    code = "roles_are_given"
    message = "You join as a member. Somebody who looks after the group can give you other roles."


class Membership(Stored):
    """A person in a hub or a group. Until the person has accepted it, it gives them no rights and shows nobody more of
    anybody's contact details."""

    id: MembershipId
    person_id: PersonId
    hub_id: HubId
    group_id: GroupId | None = None
    roles: list[Role]
    joined_at: datetime
    accepted_at: datetime | None = None
    left_at: datetime | None = None
    version: int = 1

    @property
    def looks_after(self) -> bool:
        """Whether one of its roles lets the person change things of the hub or group."""
        return bool(LOOKING_AFTER & set(self.roles))


def join(
    person_id: str, hub_id: str, group_id: str | None, roles: Iterable[Role], now: datetime, *, accepted: bool
) -> Membership:
    """A new membership. Everybody has the role of a member. `accepted`: the person joins by themselves."""
    return Membership(
        id=new_id("mem"),
        person_id=person_id,
        hub_id=hub_id,
        group_id=group_id,
        roles=in_order([Role.MEMBER, *roles]),
        joined_at=now,
        accepted_at=now if accepted else None,
    )


def accept(membership: Membership, now: datetime) -> Membership:
    """The membership, accepted now. One that is accepted already stays as it is."""
    if membership.accepted_at is not None:
        return membership
    return membership.model_copy(update={"accepted_at": now, "version": membership.version + 1})


def with_roles(membership: Membership, roles: Iterable[Role]) -> Membership:
    """The membership with these roles in place of the old ones; without any roles, the membership as it is."""
    wanted = list(roles)
    after = in_order([Role.MEMBER, *wanted]) if wanted else membership.roles
    if after == membership.roles:
        return membership
    return membership.model_copy(update={"roles": after, "version": membership.version + 1})


def leave(membership: Membership, now: datetime) -> Membership:
    """The membership, ended now."""
    return membership.model_copy(update={"left_at": now, "version": membership.version + 1})


def expect_open_to_join(policy: JoinPolicy) -> None:
    """Raise `JoiningNeedsRequest` or `JoiningNeedsInvitation` unless anybody may join by themselves."""
    if policy is JoinPolicy.REQUEST:
        raise JoiningNeedsRequest
    if policy is JoinPolicy.INVITATION:
        raise JoiningNeedsInvitation


def home_hub(live: Sequence[Membership]) -> str | None:
    """The hub that a person has belonged to longest; without one, the hub of their oldest group. `None` for neither.

    `live`: all live memberships of the person, the oldest first.
    """
    in_hubs = [membership for membership in live if membership.group_id is None]
    return next((membership.hub_id for membership in [*in_hubs, *live]), None)
