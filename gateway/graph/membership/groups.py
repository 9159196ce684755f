"""Groups: communities of practice, each in a hub."""

from datetime import datetime

import strawberry

from gateway.graph.edges import Edge
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.membership.hubs import HUB
from gateway.graph.mutation import Mutation, the
from gateway.graph.part import Part
from gateway.graph.shapes import Node, Place, PlaceInput, about, graph_input, graph_type
from shared.contracts.membership.groups import GroupView, JoinPolicy, NewGroup
from shared.enums import Theme

GROUP = Kind("Group", GroupView, "membership", "groups")


@graph_type(GroupView)
class Group(Node):
    """One community of practice: a shared problem, a place, its people."""

    slug: str
    name: str
    domain: str = about("The problem its members share.")
    practice: str
    place: Place | None
    themes: list[Theme]
    join_policy: JoinPolicy
    member_count: int
    activity_count: int = about("How many entries were shared with it.")
    created_at: datetime
    version: int


@graph_input
class CreateGroupInput:
    """A new group in a hub."""

    slug: str
    name: str
    domain: str = about("The problem its members share.")
    practice: str | None
    hub_id: strawberry.ID = about("The hub it belongs to.", name="hub")
    place: PlaceInput | None
    themes: list[Theme] | None
    join_policy: JoinPolicy | None


PART = Part(
    kinds=(GROUP,),
    types=(Group,),
    edges=(
        Edge("Hub", "groups", "Group", by="hub"),
        Edge("Group", "hub", "Hub", key="hub_id"),
    ),
    queries=(
        Listing(
            name="groups",
            kind=GROUP,
            about="Groups; with `hub`, those of the hub and of all hubs below it.",
            filters=narrowed_by(Filter("hub", HUB), Filter("theme", Theme)),
        ),
        Lookup("group", GROUP, by="slug"),
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
    ),
)
