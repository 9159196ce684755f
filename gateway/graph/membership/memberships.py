"""Memberships: people in hubs and groups."""

from datetime import datetime

import strawberry

from gateway.graph.edges import Edge
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Lookup
from gateway.graph.membership.groups import GROUP
from gateway.graph.membership.hubs import HUB
from gateway.graph.membership.people import PERSON
from gateway.graph.mutation import Mutation, the
from gateway.graph.part import Part
from gateway.graph.shapes import VERSION, Node, about, graph_input, graph_type
from shared.contracts.membership.memberships import (
    JoinGroup,
    JoinHub,
    MembershipChanges,
    MembershipOrder,
    MembershipView,
    Role,
)

MEMBERSHIP = Kind("Membership", MembershipView, "membership", "memberships")


@graph_type(MembershipView)
class Membership(Node):
    """A person in a hub, or in a group of it, with what they do there."""

    roles: list[Role] = about(
        "What the person does there. Everybody is at least a member, and no role ranks above another."
    )
    joined_at: datetime = about("When they joined, or somebody else brought them in.")
    accepted_at: datetime | None = about("When the person accepted it; null while they have not.")
    left_at: datetime | None = about("When the membership ended; null while it lasts.")
    version: int = about("Counts its changes. Send it with `updateMembership`, so that no change is lost.")


@graph_input
class JoinGroupInput:
    """Join a group, or bring somebody into one you look after. Into a group that is not open only its conveners can."""

    group_id: strawberry.ID = about("The group to join, or to bring somebody into.", name="group")
    person_id: strawberry.ID | None = about("Who joins: you when left out.", name="person")
    roles: list[Role] | None = about("What they do for the group. Only when you bring in somebody else.")


@graph_input
class LeaveGroupInput:
    """Leave a group, or end somebody's membership of one you look after."""

    group_id: strawberry.ID = about("The group to leave, or to take somebody out of.", name="group")
    person_id: strawberry.ID | None = about("Whose membership ends: yours when left out.", name="person")


@graph_input
class AddHubMemberInput:
    """Bring a person into a hub."""

    hub_id: strawberry.ID = about("The hub they come into, which you look after.", name="hub")
    person_id: strawberry.ID = about("Who comes. The membership counts from when they accept it.", name="person")
    roles: list[Role] | None = about(
        "What they do for the hub: a member when left out. For somebody who is in it, these replace the present roles."
    )


@graph_input
class LeaveHubInput:
    """Leave a hub, or end somebody's membership of one you look after."""

    hub_id: strawberry.ID = about("The hub to leave, or to take somebody out of.", name="hub")
    person_id: strawberry.ID | None = about("Whose membership ends: yours when left out.", name="person")


@graph_input
class AcceptMembershipInput:
    """Accept a membership that somebody else made for you."""

    membership_id: strawberry.ID = about("Your membership, made by somebody else.", name="membership")


@graph_input
class UpdateMembershipInput:
    """Change what somebody does for a hub or group. Fields left out stay as they are."""

    membership_id: strawberry.ID = about("The membership: a person in a hub or group.", name="membership")
    roles: list[Role] | None = about(
        "All they do there. Roles not named are taken away; with an empty list they stay a member."
    )
    version: int | None = about(VERSION)


PART = Part(
    kinds=(MEMBERSHIP,),
    types=(Membership,),
    edges=(
        Edge("Hub", "members", "Membership", by="hub", about="The members of the hub itself, the longest first."),
        Edge("Group", "members", "Membership", by="group", about="The members of the group, the longest first."),
        Edge(
            "Person",
            "memberships",
            "Membership",
            by="person",
            about="The hubs and groups they are in now, the oldest first.",
        ),
        Edge("Membership", "person", "Person", key="person_id", about="The member."),
        Edge(
            "Membership",
            "group",
            "Group",
            key="group_id",
            about="The group the person is in; null when they are in the hub itself.",
        ),
        Edge("Membership", "hub", "Hub", key="hub_id", about="The hub the person is in, or the hub of the group."),
    ),
    filters=(
        (
            MEMBERSHIP,
            narrowed_by(
                Filter("hub", HUB, about="Of this hub itself, not of its groups or the hubs below it."),
                Filter("group", GROUP, about="Of those who are in this group."),
                Filter("person", PERSON, about="That this person has."),
                Filter("roles", list[Role], param="role", about="With any of these roles."),
                Filter("accepted", bool, about="True for those the person said yes to, false for those that wait."),
                order=MembershipOrder,
            ),
        ),
    ),
    queries=(Lookup("membership", MEMBERSHIP),),
    mutations=(
        Mutation(
            name="joinGroup",
            about="Join a group. Somebody who is in it already stays in it.",
            service="membership",
            method="POST",
            path="/groups/{group_id:grp}/members",
            input=JoinGroupInput,
            request=JoinGroup,
            gives={"membership": Membership},
            answer=the("membership"),
        ),
        Mutation(
            name="leaveGroup",
            about="End a membership of a group: your own, or that of a member of a group you look after.",
            service="membership",
            method="DELETE",
            path="/groups/{group_id:grp}/members/{person_id:per}",
            input=LeaveGroupInput,
            gives={"membership": Membership},
            answer=the("membership"),
            absent={"person_id": "me"},
        ),
        Mutation(
            name="addHubMember",
            about="Bring a person into a hub.",
            service="membership",
            method="POST",
            path="/hubs/{hub_id:hub}/members",
            input=AddHubMemberInput,
            request=JoinHub,
            gives={"membership": Membership},
            answer=the("membership"),
        ),
        Mutation(
            name="leaveHub",
            about="End a membership of a hub: your own, or that of a member of a hub you look after.",
            service="membership",
            method="DELETE",
            path="/hubs/{hub_id:hub}/members/{person_id:per}",
            input=LeaveHubInput,
            gives={"membership": Membership},
            answer=the("membership"),
            absent={"person_id": "me"},
        ),
        Mutation(
            name="acceptMembership",
            about="Accept a membership that somebody else made for you. It gives you no rights before.",
            service="membership",
            method="POST",
            path="/memberships/{membership_id:mem}/accept",
            input=AcceptMembershipInput,
            gives={"membership": Membership},
            answer=the("membership"),
        ),
        Mutation(
            name="updateMembership",
            about="Change what somebody does for a hub or group you look after. In a group that is not open and has a "
            "convener, only its conveners can.",
            service="membership",
            method="PATCH",
            path="/memberships/{membership_id:mem}",
            input=UpdateMembershipInput,
            request=MembershipChanges,
            gives={"membership": Membership},
            answer=the("membership"),
        ),
    ),
)
