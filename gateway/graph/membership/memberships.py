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
        "What the person does there; everybody is at least a member. No role ranks above another."
    )
    joined_at: datetime = about("When they came in, by their own doing or somebody else's.")
    accepted_at: datetime | None = about(
        "When the person said yes to it; null while only somebody else has put them in."
    )
    left_at: datetime | None = about("When they left or were put out; null while they are in.")
    version: int = about("Counts its changes; send it along with `updateMembership`.")


@graph_input
class JoinGroupInput:
    """Join a group; who looks after it may bring others in; into one that is not open, its conveners alone."""

    group_id: strawberry.ID = about("Which one to join, or to bring somebody into.", name="group")
    person_id: strawberry.ID | None = about("Somebody else than yourself.", name="person")
    roles: list[Role] | None = about("For somebody else: what they do for the group.")


@graph_input
class LeaveGroupInput:
    """Leave a group; who looks after it may also end somebody's membership."""

    group_id: strawberry.ID = about("Which one to leave, or to take somebody out of.", name="group")
    person_id: strawberry.ID | None = about("Somebody else than yourself.", name="person")


@graph_input
class AddHubMemberInput:
    """Bring a person into a hub."""

    hub_id: strawberry.ID = about("Which one they come into; you look after it.", name="hub")
    person_id: strawberry.ID = about("Who comes; it counts from when they accept.", name="person")
    roles: list[Role] | None = about(
        "What they do for the hub; a member when left out. For one who is in, these replace those before."
    )


@graph_input
class LeaveHubInput:
    """Leave a hub; who looks after it may also end somebody's membership."""

    hub_id: strawberry.ID = about("Which one to leave, or to take somebody out of.", name="hub")
    person_id: strawberry.ID | None = about("Somebody else than yourself.", name="person")


@graph_input
class AcceptMembershipInput:
    """Say yes to a membership of yours that somebody else made."""

    membership_id: strawberry.ID = about("One of yours that somebody else made.", name="membership")


@graph_input
class UpdateMembershipInput:
    """Say what somebody does for a hub or group. Fields left out stay as they are."""

    membership_id: strawberry.ID = about("The membership: a person in a hub or group.", name="membership")
    roles: list[Role] | None = about(
        "All they do there; roles not named are taken away, an empty list leaves them a member."
    )
    version: int | None = about(VERSION)


PART = Part(
    kinds=(MEMBERSHIP,),
    types=(Membership,),
    edges=(
        Edge("Hub", "members", "Membership", by="hub", about="Who is in the hub itself, the longest there first."),
        Edge("Group", "members", "Membership", by="group", about="Who is in the group, the longest there first."),
        Edge(
            "Person",
            "memberships",
            "Membership",
            by="person",
            about="The hubs and groups they are in now, the oldest first.",
        ),
        Edge("Membership", "person", "Person", key="person_id", about="Who it is about."),
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
                Filter("hub", HUB, about="Of the hub itself, not of its groups."),
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
            about="Join a group. Who is in it already stays in it.",
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
            about="Say yes to a membership somebody else made for you. Until then it counts for nothing.",
            service="membership",
            method="POST",
            path="/memberships/{membership_id:mem}/accept",
            input=AcceptMembershipInput,
            gives={"membership": Membership},
            answer=the("membership"),
        ),
        Mutation(
            name="updateMembership",
            about="Say what somebody does for a hub or group: for whoever looks after it. In a group that is not open "
            "its conveners alone say so, as long as it has one.",
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
