"""Organisations: where people work."""

from datetime import datetime

import strawberry

from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.mutation import Mutation, the
from gateway.graph.part import Part
from gateway.graph.shapes import VERSION, Node, Place, PlaceInput, about, graph_input, graph_type, update_like
from shared.contracts.membership.organisations import (
    NewOrganisation,
    OrganisationChanges,
    OrganisationOrder,
    OrganisationView,
)
from shared.enums import ActorKind

ORGANISATION = Kind("Organisation", OrganisationView, "membership", "organisations")


@graph_type(OrganisationView)
class Organisation(Node):
    """Where people work: a funder, commissioner, delivery organisation, network body."""

    name: str = about("Its name. Several may have the same: see `place`.")
    kind: ActorKind = about("What part it plays in the system.")
    place: Place | None = about("Where it is, or the middle of where it works; null when nobody has said.")
    domains: list[str] = about("What it works on, in a few words each, such as `homelessness`.")
    website: str | None = about("The address of its own site; null when it has none, or nobody has said.")
    created_at: datetime = about("When it was added here.")
    viewer_can_update: bool = about("Whether you may change it (`updateOrganisation`).")
    version: int = about("Counts its changes. Send it with `updateOrganisation`, so that no change is lost.")


@graph_input
class CreateOrganisationInput:
    """A new organisation."""

    name: str = about("Its name, in one line.")
    kind: ActorKind = about("What part it plays in the system.")
    place: PlaceInput | None = about("Where it is. It tells organisations of the same name apart.")
    domains: list[str] | None = about("What it works on, in a few words each, such as `homelessness`; at most 20.")
    website: str | None = about("The address of its own site, which begins with `https://` or `http://`.")
    hub_id: strawberry.ID | None = about("The hub whose webhooks are sent the message about it.", name="hub")
    is_another: bool | None = about("True: it is not one of the organisations that have this name already.")


@update_like(CreateOrganisationInput)
class UpdateOrganisationInput:
    """Change what is known of an organisation. Fields left out stay as they are."""

    organisation_id: strawberry.ID = about("The organisation to change.", name="organisation")
    name: str | None
    kind: ActorKind | None
    place: PlaceInput | None
    domains: list[str] | None = about("All it works on. Those not named are removed.")
    website: str | None
    is_another: bool | None = about("True: it is not one of the organisations that have the new name already.")
    version: int | None = about(VERSION)


PART = Part(
    kinds=(ORGANISATION,),
    types=(Organisation,),
    queries=(
        Listing(
            name="organisations",
            kind=ORGANISATION,
            about="Organisations people work at, by name unless you say otherwise.",
            filters=narrowed_by(
                Filter("kinds", list[ActorKind], param="kind", about="Of any of these kinds."),
                Filter("search", str, about="With all of these words, or their beginnings, in the name."),
                order=OrganisationOrder,
            ),
        ),
        Lookup("organisation", ORGANISATION),
    ),
    mutations=(
        Mutation(
            name="createOrganisation",
            about="Add an organisation. If there is one of the same name, the problem `organisation_exists` asks back.",
            service="membership",
            method="POST",
            path="/organisations",
            input=CreateOrganisationInput,
            request=NewOrganisation,
            gives={"organisation": Organisation},
            answer=the("organisation"),
        ),
        Mutation(
            name="updateOrganisation",
            about="Change what is known of an organisation: for everybody who may add one. A name that others have "
            "already asks back (`organisation_exists`).",
            service="membership",
            method="PATCH",
            path="/organisations/{organisation_id:org}",
            input=UpdateOrganisationInput,
            request=OrganisationChanges,
            gives={"organisation": Organisation},
            answer=the("organisation"),
        ),
    ),
)
