"""Groups: communities of practice, each in a hub."""

from datetime import datetime

import strawberry

from gateway.graph.edges import Edge
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.membership.hubs import ARCHIVED, HUB
from gateway.graph.mutation import Mutation, the
from gateway.graph.part import Part
from gateway.graph.shapes import VERSION, Node, Place, PlaceInput, about, graph_input, graph_type, update_like
from shared.contracts.membership.groups import GroupChanges, GroupOrder, GroupView, JoinPolicy, NewGroup
from shared.enums import Theme

GROUP = Kind("Group", GroupView, "membership", "groups")


@graph_type(GroupView)
class Group(Node):
    """One community of practice: a shared problem, a place, its people."""

    slug: str = about("Its name in web addresses. It never changes.")
    name: str = about("Its name for people.")
    domain: str = about("The problem its members share.")
    practice: str = about(
        "How its members work on the problem, in their own words, as Markdown; empty when they have not said."
    )
    place: Place | None = about("Where it meets, or the place it is about; null when it has no place, or has not said.")
    themes: list[Theme] = about("Which of the eight themes it works on; empty when it named none.")
    join_policy: JoinPolicy = about("How people join it. `viewerCanJoin` says whether you can.")
    member_count: int = about("How many people are in it now, including those who have not yet accepted.")
    activity_count: int = about("How many entries were shared with it.")
    created_at: datetime = about("When it was made here.")
    archived_at: datetime | None = about("When it was archived; null when it was not.")
    viewer_can_join: bool = about(
        "Whether `joinGroup` would succeed for you now, also when you are in it already; false for keys."
    )
    viewer_can_update: bool = about(
        "Whether you may change it now (`updateGroup`) and archive it (`archiveGroup`); false while it is archived."
    )
    version: int = about(
        "Counts its changes, but not joining and leaving. Send it with `updateGroup`, so that no change is lost."
    )


@graph_input
class CreateGroupInput:
    """A new group in a hub."""

    slug: str = about(
        "Its name in web addresses: lower-case letters, digits and hyphens. Unique among groups; it never changes."
    )
    name: str = about("Its name for people, in one line.")
    domain: str = about("The problem its members share.")
    practice: str | None = about("How its members work on the problem, in Markdown; empty when left out.")
    hub_id: strawberry.ID = about("The hub it belongs to.", name="hub")
    place: PlaceInput | None = about("Where it meets, or what place it is about.")
    themes: list[Theme] | None = about("Which of the eight themes it works on; none when left out.")
    join_policy: JoinPolicy | None = about("How people join it: `OPEN` when left out.")


@update_like(CreateGroupInput)
class UpdateGroupInput:
    """Change what a group says of itself. Fields left out stay as they are. Its slug and its hub never change."""

    group_id: strawberry.ID = about("The group, which you convene or whose hub you look after.", name="group")
    name: str | None
    domain: str | None
    practice: str | None = about("How its members work on the problem, in Markdown; an empty text takes it away.")
    place: PlaceInput | None
    themes: list[Theme] | None = about("All its themes; those not named are removed.")
    join_policy: JoinPolicy | None = about(
        "How people join it. If the group is not open and has had a convener, only its conveners can change this."
    )
    version: int | None = about(VERSION)


@graph_input
class ArchiveGroupInput:
    """Close a group."""

    group_id: strawberry.ID = about("The group, which you convene or whose hub you look after.", name="group")


@graph_input
class RestoreGroupInput:
    """Open an archived group again. Its members are still in it."""

    group_id: strawberry.ID = about("The archived group, which you convene or whose hub you look after.", name="group")


PART = Part(
    kinds=(GROUP,),
    types=(Group,),
    markdown=(("Group", "practice"),),
    edges=(
        Edge("Hub", "groups", "Group", by="hub", about="The groups of this hub and of all hubs below it, by name."),
        Edge(
            "Group",
            "hub",
            "Hub",
            key="hub_id",
            about="The hub it belongs to. Its members need not be in the hub.",
        ),
        Edge(
            "Group",
            "viewerMembership",
            "Membership",
            key="viewer_membership_id",
            about="Your own membership of it, also one you have not accepted yet; null without one, and for keys.",
        ),
    ),
    queries=(
        Listing(
            name="groups",
            kind=GROUP,
            about="Groups, by name unless you say otherwise.",
            filters=narrowed_by(
                Filter("hub", HUB, about="Of this hub and all hubs below it."),
                Filter("themes", list[Theme], param="theme", about="With any of these themes."),
                Filter("domain", str, about="That share this problem: the text of `domain`, letter for letter."),
                Filter("joinPolicies", list[JoinPolicy], param="join_policy", about="With any of these join policies."),
                ARCHIVED,
                order=GroupOrder,
            ),
        ),
        Lookup("group", GROUP),
    ),
    mutations=(
        Mutation(
            name="createGroup",
            about="Make a group in a hub.",
            service="membership",
            method="POST",
            path="/groups",
            input=CreateGroupInput,
            request=NewGroup,
            gives={"group": Group},
            answer=the("group"),
        ),
        Mutation(
            name="updateGroup",
            about="Change what a group says of itself. Its conveners and those who look after its hub can.",
            service="membership",
            method="PATCH",
            path="/groups/{group_id:grp}",
            input=UpdateGroupInput,
            request=GroupChanges,
            gives={"group": Group},
            answer=the("group"),
        ),
        Mutation(
            name="archiveGroup",
            about="Close a group. It can still be read, but nobody can join it or make anything new in it. "
            "`restoreGroup` opens it again.",
            service="membership",
            method="POST",
            path="/groups/{group_id:grp}/archive",
            input=ArchiveGroupInput,
            gives={"group": Group},
            answer=the("group"),
        ),
        Mutation(
            name="restoreGroup",
            about="Open an archived group again. Its hub is restored first (`hub_above_archived`).",
            service="membership",
            method="POST",
            path="/groups/{group_id:grp}/restore",
            input=RestoreGroupInput,
            gives={"group": Group},
            answer=the("group"),
        ),
    ),
)
