"""Support requests: what a group or a hub asks its stewards for."""

from datetime import datetime

import strawberry

from gateway.graph.edges import Edge
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.membership.groups import GROUP
from gateway.graph.membership.hubs import HUB
from gateway.graph.membership.people import PERSON
from gateway.graph.mutation import Mutation, the
from gateway.graph.part import Part
from gateway.graph.shapes import Node, about, graph_input, graph_type
from shared.contracts.events.support_requests import (
    AnswerSupportRequest,
    NewSupportRequest,
    SupportKind,
    SupportRequestOrder,
    SupportRequestView,
    SupportStatus,
)

SUPPORT_REQUEST = Kind("SupportRequest", SupportRequestView, "events", "support-requests")


@graph_type(SupportRequestView)
class SupportRequest(Node):
    """What a group or hub asks for. The group's members, who asked, and the stewards of the hub see it."""

    kind: SupportKind = about("Money, a person, a place or advice.")
    status: SupportStatus = about("Whether it is open, accepted or declined.")
    details: str = about("What is needed and what for, as plain text.")
    answer: str | None = about("A line with the steward's answer; null while it is open.")
    created_at: datetime = about("When it was asked.")
    answered_at: datetime | None = about("When it was accepted or declined; null while it is open.")
    viewer_can_answer: bool = about("Whether you can answer it now (`answerSupportRequest`).")
    version: int = about("Counts its changes, from 1.")


@graph_input
class CreateSupportRequestInput:
    """Ask the stewards of your hub. Give the group that asks, or the hub when it is not for one group."""

    kind: SupportKind = about("What you need most; make one request for each kind.")
    details: str = about("What you need it for, by when, and how much: plain text of at most 4,000 characters.")
    hub_id: strawberry.ID | None = about("The hub that asks, one you belong to; not needed with a group.", name="hub")
    group_id: strawberry.ID | None = about("The group that asks, one you are a member of.", name="group")


@graph_input
class AnswerSupportRequestInput:
    """Say yes or no to a request of a hub you look after. An answer is final."""

    support_request_id: strawberry.ID = about("The request, which is still open.", name="supportRequest")
    accepted: bool = about("True: you help. False: you cannot.")
    answer: str = about("A line on how it goes on, or why not; at most 200 characters.")


PART = Part(
    kinds=(SUPPORT_REQUEST,),
    types=(SupportRequest,),
    edges=(
        Edge(
            "Hub",
            "supportRequests",
            "SupportRequest",
            by="hub",
            below=True,
            about="Requests of this hub and of the hubs and groups below it that you may see, newest first.",
        ),
        Edge(
            "Group",
            "supportRequests",
            "SupportRequest",
            by="group",
            about="Requests of this group, newest first; empty for those who are neither members nor stewards.",
        ),
        Edge("SupportRequest", "hub", "Hub", key="hub_id", about="The hub whose stewards answer."),
        Edge("SupportRequest", "group", "Group", key="group_id", about="The group that asks; null when the hub does."),
        Edge("SupportRequest", "askedBy", "Person", key="asked_by_id", about="Who asked; null when a hub's key did."),
    ),
    queries=(
        Listing(
            name="supportRequests",
            kind=SUPPORT_REQUEST,
            about="Support requests you may see, newest first unless you say otherwise.",
            filters=narrowed_by(
                Filter("hub", HUB, below=True, about="Of this hub and all hubs below it."),
                Filter("group", GROUP, about="Of this group alone."),
                Filter("kinds", list[SupportKind], param="kind", about="Those that ask for any of these."),
                Filter("statuses", list[SupportStatus], param="status", about="Standing at any of these."),
                Filter("askedBy", PERSON, param="asked_by", about="That this person asked for."),
                order=SupportRequestOrder,
            ),
        ),
        Lookup("supportRequest", SUPPORT_REQUEST),
    ),
    mutations=(
        Mutation(
            name="createSupportRequest",
            about="Ask the stewards of your hub for money, a person, a place or advice.",
            service="events",
            method="POST",
            path="/support-requests",
            input=CreateSupportRequestInput,
            request=NewSupportRequest,
            gives={"supportRequest": SupportRequest},
            answer=the("supportRequest"),
        ),
        Mutation(
            name="answerSupportRequest",
            about="Accept or decline a support request. Sending the same answer again changes nothing.",
            service="events",
            method="POST",
            path="/support-requests/{support_request_id:sup}/answer",
            input=AnswerSupportRequestInput,
            request=AnswerSupportRequest,
            gives={"supportRequest": SupportRequest},
            answer=the("supportRequest"),
        ),
    ),
)
