"""Hubs: regional, national or thematic centres, which nest."""

from datetime import datetime

import strawberry

from gateway.graph.edges import Edge
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.mutation import Mutation, the
from gateway.graph.part import Part
from gateway.graph.shapes import Node, Place, PlaceInput, about, graph_input, graph_type
from shared.contracts.membership.hubs import HubKind, HubView, NewHub

HUB = Kind("Hub", HubView, "membership", "hubs")


@graph_type(HubView)
class Hub(Node):
    """A regional, national or thematic centre. Hubs nest."""

    slug: str
    name: str
    kind: HubKind
    summary: str
    place: Place | None
    created_at: datetime
    version: int


@graph_input
class CreateHubInput:
    """A new hub; with `parent`, below another."""

    slug: str
    name: str
    kind: HubKind
    summary: str | None
    place: PlaceInput | None
    parent_id: strawberry.ID | None = about("The hub above it.", name="parent")


PART = Part(
    kinds=(HUB,),
    types=(Hub,),
    edges=(
        Edge("Hub", "parent", "Hub", key="parent_id"),
        Edge("Hub", "ancestors", "Hub", key="ancestors", many=True),
        Edge("Hub", "children", "Hub", by="parent"),
    ),
    queries=(
        Listing(
            name="hubs",
            kind=HUB,
            about="Hubs; with `parent`, those right below it.",
            filters=narrowed_by(Filter("parent", HUB)),
        ),
        Lookup("hub", HUB, by="slug"),
    ),
    mutations=(
        Mutation(
            name="createHub",
            about="Make a hub.",
            service="membership",
            method="POST",
            path="/hubs",
            input=CreateHubInput,
            request=NewHub,
            gives={"hub": Hub},
            answer=the("hub"),
        ),
    ),
)
