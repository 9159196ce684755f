"""Invitations to reflect on an event that has taken place."""

from datetime import datetime

from gateway.graph.edges import Edge
from gateway.graph.events.events import EVENT
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.membership.groups import GROUP
from gateway.graph.membership.hubs import HUB
from gateway.graph.part import Part
from gateway.graph.shapes import Node, about, graph_type
from shared.contracts.learning.invitations import InvitationView

INVITATION = Kind("ReflectionInvitation", InvitationView, "learning", "invitations")


@graph_type(InvitationView)
class ReflectionInvitation(Node):
    """An invitation to reflect on an event that took place: one for each event, not one for each person.

    It is for all whom the event was for (its `visibility`), whether or not they were there."""

    opened_at: datetime = about("When it was opened: when the event was completed.")
    closes_at: datetime = about(
        "When it is no longer listed, after 30 days. Entries about the event are accepted later too."
    )


PART = Part(
    kinds=(INVITATION,),
    types=(ReflectionInvitation,),
    edges=(
        Edge("ReflectionInvitation", "event", "Event", key="event_id", about="The event to reflect on."),
        Edge("ReflectionInvitation", "hub", "Hub", key="hub_id", about="The hub that held the event."),
        Edge(
            "ReflectionInvitation",
            "group",
            "Group",
            key="group_id",
            about="The group that held the event; null when it was the hub's own.",
        ),
    ),
    queries=(
        Listing(
            name="reflectionInvitations",
            kind=INVITATION,
            about="Open invitations to reflect on an event, newest first.",
            filters=narrowed_by(
                Filter("event", EVENT, about="To reflect on this event."),
                Filter("group", GROUP, about="To the people of this group."),
                Filter("hub", HUB, below=True, about="Of this hub and all hubs below it."),
            ),
        ),
        Lookup("reflectionInvitation", INVITATION),
    ),
)
