"""People: profiles, and contact details that only consent lets through."""

from datetime import date, datetime

import strawberry

from gateway.graph.edges import Edge
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.membership.groups import GROUP
from gateway.graph.membership.hubs import HUB
from gateway.graph.mutation import Mutation, the
from gateway.graph.part import Part
from gateway.graph.shapes import VERSION, Node, Place, PlaceInput, about, graph_input, graph_type
from shared.consent import ContactAudience
from shared.contracts.membership.people import AffiliationView, ChangePerson, ContactView, NewPerson, PersonView
from shared.enums import ActorKind, Theme

PERSON = Kind("Person", PersonView, "membership", "people")


@graph_type(ContactView)
class Contact:
    """A contact detail its owner lets you see."""

    kind: str
    value: str
    audience: ContactAudience | None = about("Whom its owner chose; shown to the owner alone.")


@graph_type(AffiliationView)
class Affiliation:
    """A person at an organisation, from its first to its last day."""

    since: date | None
    until: date | None
    provenance: str = about("Who says so: `person` or `partner`.")


@graph_type(PersonView)
class Person(Node):
    """A human being in the community, as far as you may see them."""

    name: str
    pronouns: str | None
    headline: str | None
    bio: str | None
    place: Place | None
    themes: list[Theme]
    actor_kinds: list[ActorKind]
    languages: list[str]
    offers: list[str]
    seeks: list[str]
    contacts: list[Contact] = about("Only those details whose audience you belong to.")
    affiliations: list[Affiliation]
    created_at: datetime
    viewer_can_update: bool = about("Whether you may change the profile: your own, or as an operator each.")
    version: int


@graph_input
class ContactInput:
    """A contact detail, and who may see it."""

    kind: str = about("`email`, `phone`, `website`, `mastodon`, `linkedin` or `other`.")
    value: str
    audience: ContactAudience


@graph_input
class AffiliationInput:
    """Where a person works, and since when."""

    organisation_id: strawberry.ID = about("The organisation.", name="organisation")
    since: date | None = about("The first day.")
    until: date | None = about("The last day; none while it lasts.")


@graph_input
class CreatePersonInput:
    """A new person, in a hub when it is given."""

    name: str
    email: str = about("For signing in; shown to nobody unless the person chooses so.")
    hub_id: strawberry.ID | None = about("The hub the person belongs to.", name="hub")
    pronouns: str | None
    headline: str | None
    bio: str | None
    place: PlaceInput | None
    themes: list[Theme] | None
    actor_kinds: list[ActorKind] | None
    languages: list[str] | None
    offers: list[str] | None
    seeks: list[str] | None


@graph_input
class UpdatePersonInput:
    """Change a profile: your own. Fields left out stay as they are."""

    person_id: strawberry.ID = about("The person.", name="person")
    name: str | None
    pronouns: str | None
    headline: str | None
    bio: str | None
    place: PlaceInput | None
    themes: list[Theme] | None
    actor_kinds: list[ActorKind] | None
    languages: list[str] | None
    offers: list[str] | None
    seeks: list[str] | None
    contacts: list[ContactInput] | None = about("All contact details; those not named are removed.")
    affiliations: list[AffiliationInput] | None = about("All affiliations; those not named are removed.")
    version: int | None = about(VERSION)


PART = Part(
    kinds=(PERSON,),
    types=(
        Contact,
        Affiliation,
        Person,
    ),
    edges=(Edge("Affiliation", "organisation", "Organisation", key="organisation_id"),),
    queries=(
        Listing(
            name="people",
            kind=PERSON,
            about="People, by name, as far as you may see them.",
            filters=narrowed_by(
                Filter("search", str, about="With all of these words, or their beginnings, in the profile."),
                Filter("hub", HUB, about="In this hub or in any hub below it."),
                Filter("group", GROUP, about="In this group."),
                Filter("themes", list[Theme], param="theme", about="With any of these themes."),
                Filter("actorKinds", list[ActorKind], param="actor_kind", about="Of any of these kinds of actor."),
            ),
        ),
        Lookup("person", PERSON),
    ),
    mutations=(
        Mutation(
            name="createPerson",
            about="Bring a person into the community.",
            service="membership",
            method="POST",
            path="/people",
            input=CreatePersonInput,
            request=NewPerson,
            gives={"person": Person},
            answer=the("person"),
        ),
        Mutation(
            name="updatePerson",
            about="Change your profile.",
            service="membership",
            method="PATCH",
            path="/people/{person_id:per}",
            input=UpdatePersonInput,
            request=ChangePerson,
            gives={"person": Person},
            answer=the("person"),
        ),
    ),
)
