"""People: profiles, and contact details that only consent lets through."""

from datetime import date, datetime

import strawberry

from gateway.graph.edges import Edge
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.membership.groups import GROUP
from gateway.graph.membership.hubs import HUB
from gateway.graph.membership.organisations import ORGANISATION
from gateway.graph.mutation import Mutation, the
from gateway.graph.part import Part
from gateway.graph.shapes import VERSION, Node, Place, PlaceInput, about, graph_input, graph_type, update_like
from shared.consent import ContactAudience
from shared.contracts.membership.people import (
    AffiliationView,
    ChangePerson,
    ContactKind,
    ContactView,
    NewPerson,
    PersonOrder,
    PersonView,
    Provenance,
)
from shared.enums import ActorKind, Theme

PERSON = Kind("Person", PersonView, "membership", "people")


@graph_type(ContactView)
class Contact:
    """A contact detail its owner lets you see."""

    kind: ContactKind = about("What sort of contact detail it is.")
    value: str = about("The address, number or page, in the form of its kind.")
    audience: ContactAudience | None = about("Who may see it, as its owner chose; null unless you are the owner.")


@graph_type(AffiliationView)
class Affiliation:
    """A person at an organisation, from its first to its last day."""

    since: date | None = about("The first day; null when they have not said.")
    until: date | None = about("The last day; null while it lasts.")
    provenance: Provenance = about("Who says that they work or worked there.")


@graph_type(PersonView)
class Person(Node):
    """A person in the community, as far as you may see them."""

    name: str = about("What they want to be called.")
    pronouns: str | None = about("Which pronouns they want used, such as `she/her`; null when they have not said.")
    headline: str | None = about("What they do, in one line; null when they have not said.")
    bio: str | None = about(
        "What they tell of themselves, at more length, as Markdown; null when they have told nothing."
    )
    place: Place | None = about(
        "Where they live or work, as exactly as they want it known; null when they have not said."
    )
    themes: list[Theme] = about("Which of the eight themes they care about; empty when they named none.")
    actor_kinds: list[ActorKind] = about("What parts they play in the system. A person may play several.")
    languages: list[str] = about("Which languages they speak, as tags such as `en` or `cy` (BCP 47).")
    offers: list[str] = about("What they offer to others: one line for each thing.")
    seeks: list[str] = about("What they look for from others: one line for each thing.")
    contacts: list[Contact] = about("The contact details that you may see, as their owner chose.")
    affiliations: list[Affiliation] = about("Where they work or have worked, as they or a partner said.")
    created_at: datetime = about("When they were added to the community.")
    viewer_can_update: bool = about("Whether you may change the profile: it is yours, or you are an operator.")
    version: int = about("Counts changes of the profile. Send it with `updatePerson`, so that no change is lost.")


@graph_input
class ContactInput:
    """A contact detail, and who may see it."""

    kind: ContactKind = about("What sort of contact detail it is. `value` must have the form of this kind.")
    value: str = about("The address, number or page, in the form of its kind.")
    audience: ContactAudience = about("Who may see it; `NOBODY`: only its owner.")


@graph_input
class AffiliationInput:
    """Where a person works, and since when."""

    organisation_id: strawberry.ID = about("Where they work or worked.", name="organisation")
    since: date | None = about("The first day.")
    until: date | None = about("The last day; leave it out while it lasts.")


@graph_input
class CreatePersonInput:
    """A new person, who belongs to a hub if you name one."""

    name: str = about("What they want to be called, in one line.")
    email: str = about("For signing in. Nobody sees it, unless the person chooses so.")
    hub_id: strawberry.ID | None = about("The hub the person belongs to.", name="hub")
    pronouns: str | None = about("Which pronouns they want used, such as `she/her`.")
    headline: str | None = about("What they do, in one line.")
    bio: str | None = about("What they tell of themselves, at more length, in Markdown.")
    place: PlaceInput | None = about("Where they live or work, as exactly as they want it known.")
    themes: list[Theme] | None = about("Which of the eight themes they care about; none when left out.")
    actor_kinds: list[ActorKind] | None = about("What parts they play in the system; none when left out.")
    languages: list[str] | None = about("Which languages they speak, as tags such as `en` or `cy` (BCP 47).")
    offers: list[str] | None = about("What they offer to others: one line for each thing, at most 20.")
    seeks: list[str] | None = about("What they look for from others: one line for each thing, at most 20.")


@update_like(CreatePersonInput)
class UpdatePersonInput:
    """Change a profile. Fields left out stay as they are; lists are replaced as a whole."""

    person_id: strawberry.ID = about("Whose profile it is: yours, unless you are an operator.", name="person")
    name: str | None
    pronouns: str | None
    headline: str | None
    bio: str | None
    place: PlaceInput | None
    themes: list[Theme] | None = about("All themes they care about; those not named are removed.")
    actor_kinds: list[ActorKind] | None = about("All parts they play in the system; those not named are removed.")
    languages: list[str] | None = about("All languages they speak, as tags such as `en`; those not named are removed.")
    offers: list[str] | None = about("All they offer, one line for each thing; those not named are removed.")
    seeks: list[str] | None = about("All they look for, one line for each thing; those not named are removed.")
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
    markdown=(("Person", "bio"),),
    edges=(
        Edge("Affiliation", "organisation", "Organisation", key="organisation_id", about="Where they work or worked."),
    ),
    queries=(
        Listing(
            name="people",
            kind=PERSON,
            about="People, by name unless you say otherwise, as far as you may see them.",
            filters=narrowed_by(
                Filter(
                    "search",
                    str,
                    about="With all of these words, or their beginnings, in the profile; an empty text finds nobody.",
                ),
                Filter("hub", HUB, about="In this hub or in any hub below it."),
                Filter("group", GROUP, about="In this group."),
                Filter("themes", list[Theme], param="theme", about="With any of these themes."),
                Filter("actorKinds", list[ActorKind], param="actor_kind", about="Of any of these kinds of actor."),
                Filter(
                    "languages",
                    list[str],
                    param="language",
                    about="Who speak any of these languages, at most 20: tags such as `cy`, as the profile has them.",
                ),
                Filter("organisation", ORGANISATION, about="Who work at this organisation, or did."),
                order=PersonOrder,
            ),
        ),
        Lookup("person", PERSON),
    ),
    mutations=(
        Mutation(
            name="createPerson",
            about="Add a person to the community.",
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
