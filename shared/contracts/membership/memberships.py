"""Memberships: people in hubs and groups, with their roles."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.contracts.membership.people import PersonId
from shared.contracts.view import View
from shared.enums import Described
from shared.ids import IdType
from shared.messaging.envelope import Message
from shared.values import UNCHANGED, Changes, Input

MembershipId = Annotated[str, IdType("mem")]


class Role(Described):
    """What a person does for a hub or group. No role ranks above another."""

    MEMBER = "member", "Takes part, and sees what is for members. Everybody in the hub or group has this role."
    CONVENER = "convener", "Brings a group together and may change it."
    MEDIATOR = "mediator", "Helps where members disagree."
    CATALYST = "catalyst", "Gets things going and connects people."
    STEWARD = (
        "steward",
        "Looks after a hub or group and may change it; in a hub also its keys and webhooks.",
    )


class MembershipOrder(Described):
    """The orders of a list of memberships."""

    OLDEST = "oldest", "By when the person came in: the longest there comes first."
    NEWEST = "newest", "By when the person came in: the newest comes first."


def in_order(roles: list[Role]) -> list[Role]:
    """These roles without repeats, in the order in which `Role` lists them."""
    return [role for role in Role if role in roles]


Roles = Annotated[list[Role], Field(max_length=len(Role)), AfterValidator(in_order)]


class GroupJoined(Message):
    """A person became a member of a group. If `actor` is somebody else, the person has yet to accept it."""

    topic: ClassVar[str] = "membership.group_joined"
    membership_id: MembershipId
    group_id: GroupId
    hub_id: HubId
    person_id: PersonId
    roles: list[Role]
    version: int


class GroupLeft(Message):
    """A person is no longer a member of a group. `belonging_version` counts the changes of where the person belongs."""

    topic: ClassVar[str] = "membership.group_left"
    membership_id: MembershipId
    group_id: GroupId
    hub_id: HubId
    person_id: PersonId
    belonging_version: int = 0
    version: int


class HubJoined(Message):
    """A person became a member of a hub. If `actor` is somebody else, the person has yet to accept it."""

    topic: ClassVar[str] = "membership.hub_joined"
    membership_id: MembershipId
    hub_id: HubId
    person_id: PersonId
    roles: list[Role]
    version: int


class HubLeft(Message):
    """A person left a hub. `no_longer_in`: which of this hub and the hubs above it they no longer belong to. They still
    belong to the others through other memberships. `belonging_version`: as in `GroupLeft`."""

    topic: ClassVar[str] = "membership.hub_left"
    membership_id: MembershipId
    hub_id: HubId
    person_id: PersonId
    no_longer_in: list[HubId] = Field(default_factory=list)
    belonging_version: int = 0
    version: int


class MembershipAccepted(Message):
    """A person accepted their membership of a hub (`group_id` is null) or a group, to which somebody else had added
    them."""

    topic: ClassVar[str] = "membership.membership_accepted"
    membership_id: MembershipId
    hub_id: HubId
    group_id: GroupId | None
    person_id: PersonId
    version: int


class RolesChanged(Message):
    """A person has other roles in a hub (`group_id` is null) or a group."""

    topic: ClassVar[str] = "membership.roles_changed"
    membership_id: MembershipId
    hub_id: HubId
    group_id: GroupId | None
    person_id: PersonId
    roles: list[Role]
    version: int


class JoinGroup(Input):
    """Who joins a group: the calling person when `person_id` is left out, else the person whom a manager of the group
    adds."""

    person_id: PersonId | None = None
    roles: Roles = Field(default_factory=list)


class JoinHub(Input):
    """The person to add to a hub, and their roles."""

    person_id: PersonId
    roles: Roles = Field(default_factory=list)


class MembershipChanges(Changes):
    """The new roles of a person in a hub or group. They replace the old ones; an empty list leaves the role of a
    member.
    """

    roles: Roles = UNCHANGED


class MembershipView(View):
    """A person in a hub (`group_id` is null) or in a group. `accepted_at` is null until the person accepts it."""

    id: MembershipId
    person_id: PersonId
    hub_id: HubId
    group_id: GroupId | None
    roles: list[Role]
    joined_at: datetime
    accepted_at: datetime | None
    left_at: datetime | None
    version: int
