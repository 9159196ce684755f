"""Registrations: a seat at an event, or a place on its waitlist."""

from datetime import datetime

import strawberry

from gateway.graph.edges import Edge
from gateway.graph.existence import must_exist
from gateway.graph.kinds import Kind
from gateway.graph.listing import Lookup
from gateway.graph.membership.people import PERSON
from gateway.graph.mutation import Mutation, the
from gateway.graph.part import Part
from gateway.graph.shapes import Node, about, graph_input, graph_type
from shared.contracts.events.registrations import Register, RegistrationStatus, RegistrationView

REGISTRATION = Kind("Registration", RegistrationView, "events", "registrations")


@graph_type(RegistrationView)
class Registration(Node):
    """A person's registration for an event."""

    status: RegistrationStatus
    position: int | None = about("The place on the waitlist, from 1.")
    registered_at: datetime
    promoted_at: datetime | None
    cancelled_at: datetime | None
    viewer_can_cancel: bool = about("Whether `cancelRegistration` would now cancel it for you; false once it is.")
    version: int


@graph_input
class RegisterForEventInput:
    """Register for an event; who looks after it may register somebody else."""

    event_id: strawberry.ID = about("The event.", name="event")
    person_id: strawberry.ID | None = about("Somebody else than yourself.", name="person")


@graph_input
class CancelRegistrationInput:
    """Give a seat, or a place on the waitlist, back."""

    registration_id: strawberry.ID = about("The registration.", name="registration")


PART = Part(
    kinds=(REGISTRATION,),
    types=(Registration,),
    edges=(
        Edge("Viewer", "registrations", "Registration", key="person_id", by="person"),
        Edge("Event", "registrations", "Registration", by="event"),
        Edge(
            "Event",
            "viewerRegistration",
            "Registration",
            key="viewer_registration_id",
            about="Your own seat or place on the waitlist; null when you have none, or have cancelled it.",
        ),
        Edge("Registration", "event", "Event", key="event_id"),
        Edge("Registration", "person", "Person", key="person_id"),
    ),
    queries=(Lookup("registration", REGISTRATION),),
    mutations=(
        Mutation(
            name="registerForEvent",
            about="Take a seat, or a place on the waitlist when all are taken.",
            service="events",
            method="POST",
            path="/events/{event_id:evt}/registrations",
            input=RegisterForEventInput,
            request=Register,
            gives={"registration": Registration},
            answer=the("registration"),
            before=must_exist(person_id=PERSON),
        ),
        Mutation(
            name="cancelRegistration",
            about="Give a seat back; the first who waits gets it.",
            service="events",
            method="POST",
            path="/registrations/{registration_id:reg}/cancel",
            input=CancelRegistrationInput,
            gives={"registration": Registration},
            answer=the("registration"),
        ),
    ),
)
