"""Registrations: a seat at an event, or a place on its waitlist."""

from datetime import datetime

import strawberry

from gateway.graph.edges import Edge
from gateway.graph.events.events import EVENT
from gateway.graph.existence import must_exist
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Lookup
from gateway.graph.membership.people import PERSON
from gateway.graph.mutation import Mutation, the
from gateway.graph.part import Part
from gateway.graph.shapes import Node, about, graph_input, graph_type
from shared.contracts.events.registrations import (
    Register,
    RegistrationOrder,
    RegistrationStatus,
    RegistrationView,
)

REGISTRATION = Kind("Registration", RegistrationView, "events", "registrations")


@graph_type(RegistrationView)
class Registration(Node):
    """A person's registration for an event."""

    status: RegistrationStatus = about("Whether it is a seat, a place on the waitlist, or cancelled.")
    position: int | None = about("The position on the waitlist, from 1; null with a seat, or after cancelling.")
    registered_at: datetime = about("When the person registered.")
    promoted_at: datetime | None = about(
        "When they got a seat from the waitlist; null when they never waited, or still wait."
    )
    cancelled_at: datetime | None = about("When it was cancelled; null while it counts.")
    viewer_can_cancel: bool = about("Whether you can cancel it now (`cancelRegistration`).")
    version: int = about("Counts its changes, from 1.")


@graph_input
class RegisterForEventInput:
    """Register for an event. Those who look after the event may register somebody else."""

    event_id: strawberry.ID = about("The event, published and not yet begun.", name="event")
    person_id: strawberry.ID | None = about(
        "Who comes: you, unless you may change the event and name somebody else.", name="person"
    )


@graph_input
class CancelRegistrationInput:
    """Give back a seat or a place on the waitlist."""

    registration_id: strawberry.ID = about(
        "Your own registration, or one for an event you may change.", name="registration"
    )


PART = Part(
    kinds=(REGISTRATION,),
    types=(Registration,),
    edges=(
        Edge(
            "Viewer",
            "registrations",
            "Registration",
            key="person_id",
            by="person",
            usual=RegistrationOrder.REGISTERED_LAST,
            about="Your own registrations, newest first unless you choose; null for keys and for anonymous callers.",
        ),
        Edge(
            "Event",
            "registrations",
            "Registration",
            by="event",
            about="The registrations, in the order they were made unless you choose; null for those who may not change "
            "the event.",
        ),
        Edge(
            "Event",
            "viewerRegistration",
            "Registration",
            key="viewer_registration_id",
            about="Your own seat or place on the waitlist; null when you have none, or have cancelled it.",
        ),
        Edge(
            "Registration", "event", "Event", key="event_id", about="The event; null when you may not see it any more."
        ),
        Edge("Registration", "person", "Person", key="person_id", about="Who comes."),
    ),
    filters=(
        (
            REGISTRATION,
            narrowed_by(
                Filter("event", EVENT, about="For this event."),
                Filter("person", PERSON, about="That this person has or had: a seat, or a place on the waitlist."),
                Filter("statuses", list[RegistrationStatus], param="status", about="With any of these statuses."),
                order=RegistrationOrder,
            ),
        ),
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
            about="Give back a seat. The first person on the waitlist gets it.",
            service="events",
            method="POST",
            path="/registrations/{registration_id:reg}/cancel",
            input=CancelRegistrationInput,
            gives={"registration": Registration},
            answer=the("registration"),
        ),
    ),
)
