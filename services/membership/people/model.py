"""A person with their profile and contact details. The person chooses the audience of each contact detail."""

from datetime import date, datetime

from pydantic import Field

from services.membership.search import words_of
from shared.consent import ContactAudience, Purpose, Subject, Viewer, may_see_contact, visible_contacts
from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.contracts.membership.organisations import OrganisationId
from shared.contracts.membership.people import (
    AffiliationView,
    ChangePerson,
    ContactKind,
    ContactView,
    NewPerson,
    PersonId,
    PersonView,
    Provenance,
)
from shared.enums import ActorKind, Theme
from shared.errors import Conflict, NotAllowed
from shared.ids import new_id
from shared.values import (
    Day,
    Place,
    Stored,
)


class AddressInUse(Conflict):
    """Another person signs in with this address."""

    code = "address_in_use"
    message = "Somebody in the community has this mail address already."


class ContactsAreTheirOwners(NotAllowed):
    """Somebody tried to change another person's contact details."""

    code = "contacts_are_their_owners"
    message = "Only the person can change their own contact details."


class Contact(Stored):
    """A contact detail, as it is stored."""

    kind: ContactKind
    value: str
    audience: ContactAudience


class Affiliation(Stored):
    """A person at an organisation."""

    organisation_id: OrganisationId
    since: Day | None = None
    until: Day | None = None
    provenance: Provenance

    def is_current(self, today: date) -> bool:
        """Whether the person is at the organisation on this day."""
        return (self.since is None or self.since <= today) and (self.until is None or self.until >= today)


class Person(Stored):
    """A person. `address`: the mail address they sign in with. `hub_ids`, `group_ids`: where they are a member and have
    accepted it. `listed_in`: their hubs, their groups and the hubs of those groups, accepted or not.
    `belonging_version` counts the changes of these three."""

    id: PersonId
    name: str
    pronouns: str | None = None
    headline: str | None = None
    bio: str | None = None
    place: Place | None = None
    themes: list[Theme]
    actor_kinds: list[ActorKind]
    languages: list[str]
    offers: list[str]
    seeks: list[str]
    address: str
    contacts: list[Contact]
    affiliations: list[Affiliation] = Field(default_factory=list)
    hub_ids: list[HubId] = Field(default_factory=list)
    group_ids: list[GroupId] = Field(default_factory=list)
    listed_in: list[str] = Field(default_factory=list)
    belonging_version: int = 0
    created_at: datetime
    version: int = 1

    @property
    def subject(self) -> Subject:
        """The person, in the form that the consent policy takes."""
        return Subject(person_id=self.id, groups=frozenset(self.group_ids), hubs=frozenset(self.hub_ids))

    def seen_by(self, viewer: Viewer, *, can_update: bool) -> PersonView:
        """The person as this viewer may see them. `can_update`: whether the viewer could change the profile.

        The consent policy decides which contact details are in it.
        """
        named = [(str(index), contact.audience) for index, contact in enumerate(self.contacts)]
        visible = visible_contacts(viewer, self.subject, named)
        own = viewer.person_id == self.id
        contacts = [
            ContactView(kind=contact.kind, value=contact.value, audience=contact.audience if own else None)
            for index, contact in enumerate(self.contacts)
            if str(index) in visible
        ]
        affiliations = [AffiliationView.of(affiliation) for affiliation in self.affiliations]
        return PersonView.of(self, contacts=contacts, affiliations=affiliations, viewer_can_update=can_update)

    def may_be_mailed(self, purpose: Purpose) -> bool:
        """Whether the person may be mailed at their address for this purpose."""
        return may_see_contact(Viewer(person_id=self.id), self.subject, ContactAudience.NOBODY, purpose)

    @property
    def search_words(self) -> list[str]:
        """The words by which search finds the person. A contact detail is never among them."""
        place = self.place.name if self.place else None
        return words_of(self.name, self.headline, place, *self.offers, *self.seeks, self.bio)


def add_person(new: NewPerson, now: datetime) -> Person:
    """A new person. Nobody may see their address until they choose another audience for it."""
    profile = {name: value for name, value in new if name not in {"email", "hub_id"}}
    own_mail = Contact(kind=ContactKind.EMAIL, value=new.email, audience=ContactAudience.NOBODY)
    return Person(id=new_id("per"), **profile, address=new.email, contacts=[own_mail], created_at=now)


def change_person(person: Person, change: ChangePerson) -> tuple[Person, list[str]]:
    """The person after the change, and the sorted names of the fields that differ.

    The affiliations that were sent replace those that the person sent before. Those from a partner stay.
    """
    sent = change.sent()
    if "contacts" in sent:
        sent["contacts"] = [Contact(**dict(contact)) for contact in change.contacts]
    if "affiliations" in sent:
        own = [Affiliation(**dict(one), provenance=Provenance.PERSON) for one in change.affiliations]
        others = [one for one in person.affiliations if one.provenance is not Provenance.PERSON]
        sent["affiliations"] = [*others, *own]
    changed = sorted(name for name, value in sent.items() if getattr(person, name) != value)
    if not changed:
        return person, []
    return person.model_copy(update={**sent, "version": person.version + 1}), changed
