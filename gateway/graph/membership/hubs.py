"""Hubs: regional, national or thematic centres, which nest."""

from datetime import datetime

import strawberry

from gateway.graph.edges import Edge
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.mutation import Mutation, the
from gateway.graph.part import Part
from gateway.graph.shapes import VERSION, Node, Place, PlaceInput, about, graph_input, graph_type, update_like
from shared.contracts.membership.hubs import HubChanges, HubKind, HubOrder, HubView, NewHub

HUB = Kind("Hub", HubView, "membership", "hubs")


@graph_type(HubView)
class Hub(Node):
    """A regional, national or thematic centre. Hubs nest."""

    slug: str = about("Its name in web addresses, such as `north-east`. It never changes.")
    name: str = about("Its name for people.")
    kind: HubKind = about("Whether a nation, a region or a theme brings its people together.")
    summary: str = about("What it is for, in its own words, as Markdown; empty when it has not said.")
    place: Place | None = about("Where it is, or the middle of its region; null when it has no place, or has not said.")
    created_at: datetime = about("When it was added here, which may be long after it began.")
    archived_at: datetime | None = about("When it was archived; null when it was not.")
    viewer_can_update: bool = about(
        "Whether you may change it now (`updateHub`), and archive it when everything in it is archived; false while it "
        "is archived itself."
    )
    version: int = about("Counts its changes. Send it with `updateHub`, so that no change is lost.")


@graph_input
class CreateHubInput:
    """A new hub; with `parent`, below another."""

    slug: str = about(
        "Its name in web addresses: lower-case letters, digits and hyphens. Unique among hubs; it never changes."
    )
    name: str = about("Its name for people, in one line.")
    kind: HubKind = about("Whether a nation, a region or a theme brings its people together.")
    summary: str | None = about("What it is for, in Markdown; empty when left out.")
    place: PlaceInput | None = about("Where it is, or the middle of its region.")
    parent_id: strawberry.ID | None = about("The hub above it.", name="parent")


@update_like(CreateHubInput)
class UpdateHubInput:
    """Change what a hub says of itself. Fields left out stay as they are. Its slug and its parent never change."""

    hub_id: strawberry.ID = about("The hub, which you look after.", name="hub")
    name: str | None
    kind: HubKind | None
    summary: str | None = about("What it is for, in Markdown; an empty text takes it away.")
    place: PlaceInput | None
    version: int | None = about(VERSION)


@graph_input
class ArchiveHubInput:
    """Close a hub. What is in it must be archived first."""

    hub_id: strawberry.ID = about("The hub, which you look after.", name="hub")


@graph_input
class RestoreHubInput:
    """Open an archived hub again. What is in it stays archived until it is restored itself."""

    hub_id: strawberry.ID = about("The archived hub, which you look after.", name="hub")


ARCHIVED = Filter(
    "includeArchived",
    bool,
    param="include_archived",
    about="True: include archived ones, which are left out otherwise.",
)

PART = Part(
    kinds=(HUB,),
    types=(Hub,),
    markdown=(("Hub", "summary"),),
    edges=(
        Edge(
            "Hub",
            "viewerMembership",
            "Membership",
            key="viewer_membership_id",
            about="Your own membership of the hub itself; null without one, and for keys.",
        ),
        Edge("Hub", "parent", "Hub", key="parent_id", about="The hub directly above it; null for a hub at the top."),
        Edge("Hub", "ancestors", "Hub", key="ancestors", many=True, about="All hubs above it, the nearest first."),
        Edge("Hub", "children", "Hub", by="parent", about="The hubs directly below it, by name."),
    ),
    queries=(
        Listing(
            name="hubs",
            kind=HUB,
            about="Hubs, by name unless you choose.",
            filters=narrowed_by(
                Filter("parent", HUB, about="Directly below this hub."),
                Filter("kinds", list[HubKind], param="kind", about="Of any of these kinds."),
                ARCHIVED,
                order=HubOrder,
            ),
        ),
        Lookup("hub", HUB),
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
        Mutation(
            name="updateHub",
            about="Change what a hub says of itself. Those who look after it or a hub above it can.",
            service="membership",
            method="PATCH",
            path="/hubs/{hub_id:hub}",
            input=UpdateHubInput,
            request=HubChanges,
            gives={"hub": Hub},
            answer=the("hub"),
        ),
        Mutation(
            name="archiveHub",
            about="Close a hub. It can still be read, but nobody can join it or make anything new in it. "
            "Archive its groups and the hubs below it first (`hub_in_use`). `restoreHub` opens it again.",
            service="membership",
            method="POST",
            path="/hubs/{hub_id:hub}/archive",
            input=ArchiveHubInput,
            gives={"hub": Hub},
            answer=the("hub"),
        ),
        Mutation(
            name="restoreHub",
            about="Open an archived hub again. The hub above it is restored first (`hub_above_archived`).",
            service="membership",
            method="POST",
            path="/hubs/{hub_id:hub}/restore",
            input=RestoreHubInput,
            gives={"hub": Hub},
            answer=the("hub"),
        ),
    ),
)
