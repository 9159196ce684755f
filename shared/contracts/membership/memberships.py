"""Memberships: people in hubs and groups, with what they do there."""

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
    """What one does for a group or hub; not rank."""

    MEMBER = "member", "Is in it: takes part, and sees what is for its members. Everybody who is in has this role."
    CONVENER = "convener", "Brings a group together and may change it."
    MEDIATOR = "mediator", "Helps where members disagree."
    CATALYST = "catalyst", "Gets things going and connects people."
    STEWARD = (
        "steward",
        "Looks after a hub or group and may change it; in a hub also its keys and webhooks.",
    )


def in_order(roles: list[Role]) -> list[Role]:
    """Each role once, in the order in which `Role` lists them."""
    return [role for role in Role if role in roles]


Roles = Annotated[list[Role], Field(max_length=len(Role)), AfterValidator(in_order)]


class GroupJoined(Message):
    """A person became a member of a group: `actor` says whether by their own doing. If not, it waits for their yes."""

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
    """A person belongs to a hub."""

    topic: ClassVar[str] = "membership.hub_joined"
    membership_id: MembershipId
    hub_id: HubId
    person_id: PersonId
    roles: list[Role]
    version: int


class HubLeft(Message):
    """A person left a hub. `no_longer_in`: the hubs, of this one and those above it, that they do not belong to now;
    they may still belong to one through another membership. `belonging_version`: as in `GroupLeft`."""

    topic: ClassVar[str] = "membership.hub_left"
    membership_id: MembershipId
    hub_id: HubId
    person_id: PersonId
    no_longer_in: list[HubId] = Field(default_factory=list)
    belonging_version: int = 0
    version: int


class MembershipAccepted(Message):
    """A person said yes to being in a hub (no group) or a group, where somebody else had put them."""

    topic: ClassVar[str] = "membership.membership_accepted"
    membership_id: MembershipId
    hub_id: HubId
    group_id: GroupId | None
    person_id: PersonId
    version: int


class RolesChanged(Message):
    """A person does something else for a hub (no group) or a group than before."""

    topic: ClassVar[str] = "membership.roles_changed"
    membership_id: MembershipId
    hub_id: HubId
    group_id: GroupId | None
    person_id: PersonId
    roles: list[Role]
    version: int


class JoinGroup(Input):
    """Who joins: the calling person, or somebody brought in by who looks after the group."""

    person_id: PersonId | None = None
    roles: Roles = Field(default_factory=list)


class JoinHub(Input):
    """Who comes into a hub, and what they do for it."""

    person_id: PersonId
    roles: Roles = Field(default_factory=list)


class MembershipChanges(Changes):
    """What a person does in a hub or group from now on: the roles that are sent take the place of those before.

    Everybody who is in is a member, with an empty list too.
    """

    roles: Roles = UNCHANGED


class MembershipView(View):
    """A person in a hub (`group_id` is empty) or in a group. `accepted_at` is empty while only others have said so."""

    id: MembershipId
    person_id: PersonId
    hub_id: HubId
    group_id: GroupId | None
    roles: list[Role]
    joined_at: datetime
    accepted_at: datetime | None
    left_at: datetime | None
    version: int
