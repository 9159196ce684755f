"""A person, their profile, and their contact details, each with the audience they chose for it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator, model_validator

from services.membership.fields import (
    ActorKinds,
    Address,
    Day,
    Input,
    Languages,
    Line,
    Lines,
    PlaceInput,
    ShortLine,
    Stored,
    Text,
    Themes,
    normal_address,
    phone_number,
)
from services.membership.search import words_of
from services.membership.web import fediverse_address, no_other_scheme, web_address
from shared.consent import ContactAudience, Purpose, Subject, Viewer, may_see_contact, visible_contacts
from shared.contracts.membership import AffiliationView, ContactView, PersonView
from shared.contracts.view import Place
from shared.contracts.enums import ActorKind, Theme
from shared.errors import Conflict, NotAllowed
from shared.ids import GroupId, HubId, OrganisationId, PersonId, new_id


class AddressInUse(Conflict):
    """Somebody signs in with this address already."""

    code = "address_in_use"
    message = "Somebody in the community has this mail address already."


class ContactsAreTheirOwners(NotAllowed):
    """Nobody chooses another person's audiences."""

    code = "contacts_are_their_owners"
    message = "Only the person can change their own contact details."


class ContactKind(StrEnum):
    """How somebody can be reached."""

    EMAIL = "email"
    PHONE = "phone"
    WEBSITE = "website"
    MASTODON = "mastodon"
    LINKEDIN = "linkedin"
    OTHER = "other"


class Provenance(StrEnum):
    """Who says that somebody works somewhere."""

    PERSON = "person"
    PARTNER = "partner"


class ContactInput(Input):
    """One contact detail, and who may see it."""

    kind: ContactKind
    value: Line
    audience: ContactAudience = ContactAudience.NOBODY

    @field_validator("value")
    @classmethod
    def _fits_its_kind(cls, value: str, fields: ValidationInfo) -> str:
        match fields.data.get("kind"):
            case ContactKind.EMAIL:
                normal_address(value)
            case ContactKind.PHONE:
                phone_number(value)
            case ContactKind.WEBSITE | ContactKind.LINKEDIN:
                web_address(value)
            case ContactKind.MASTODON:
                fediverse_address(value)
            case ContactKind.OTHER:
                no_other_scheme(value)
        return value


class Contact(Stored):
    """A contact detail as it is kept."""

    kind: ContactKind
    value: str
    audience: ContactAudience


class AffiliationInput(Input):
    """Where the person works or worked; the days are its first and its last."""

    organisation_id: OrganisationId
    since: Day | None = None
    until: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "AffiliationInput":
        if self.since is not None and self.until is not None and self.until < self.since:
            raise ValueError("`until` comes before `since`")
        return self


class Affiliation(Stored):
    """A person at an organisation."""

    organisation_id: OrganisationId
    since: Day | None
    until: Day | None
    provenance: Provenance

    def is_current(self, today: date) -> bool:
        """Whether it holds on this day."""
        return (self.since is None or self.since <= today) and (self.until is None or self.until >= today)


class Profile(Input):
    """What a person says of themself. In a change, only the fields that were sent count."""

    pronouns: ShortLine | None = None
    headline: Line | None = None
    bio: Text | None = None
    place: PlaceInput | None = None
    themes: Themes = Field(default_factory=list)
    actor_kinds: ActorKinds = Field(default_factory=list)
    languages: Languages = Field(default_factory=list)
    offers: Lines = Field(default_factory=list)
    seeks: Lines = Field(default_factory=list)


class NewPerson(Profile):
    """What a person is made from. `hub_id`: the hub they come into."""

    name: Line
    email: Address
    hub_id: HubId | None = None


class ChangePerson(Profile):
    """A change of a profile. Lists are replaced as a whole."""

    name: Line = ""
    contacts: Annotated[list[ContactInput], Field(max_length=20)] = Field(default_factory=list)
    affiliations: Annotated[list[AffiliationInput], Field(max_length=20)] = Field(default_factory=list)


class Person(Stored):
    """A person. `address` is what they sign in with; `hub_ids` and `group_ids` are the hubs and groups they are in by
    a membership they accepted, `listed_in` also those where somebody else put them."""

    id: PersonId
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
    address: str
    contacts: list[Contact]
    affiliations: list[Affiliation] = Field(default_factory=list)
    hub_ids: list[HubId] = Field(default_factory=list)
    group_ids: list[GroupId] = Field(default_factory=list)
    listed_in: list[str] = Field(default_factory=list)
    created_at: datetime
    version: int = 1

    @property
    def subject(self) -> Subject:
        """The person as the consent policy knows them."""
        return Subject(person_id=self.id, groups=frozenset(self.group_ids), hubs=frozenset(self.hub_ids))

    def seen_by(self, viewer: Viewer) -> PersonView:
        """The person as this viewer may see them. The consent policy alone lets contact details through."""
        named = [(str(index), contact.audience) for index, contact in enumerate(self.contacts)]
        visible = visible_contacts(viewer, self.subject, named)
        own = viewer.person_id == self.id
        contacts = [
            ContactView(kind=contact.kind, value=contact.value, audience=contact.audience if own else None)
            for index, contact in enumerate(self.contacts)
            if str(index) in visible
        ]
        affiliations = [AffiliationView.of(affiliation) for affiliation in self.affiliations]
        return PersonView.of(self, contacts=contacts, affiliations=affiliations)

    def may_be_mailed(self, purpose: Purpose) -> bool:
        """Whether the address may be given for mail to the person, for this purpose."""
        return may_see_contact(Viewer(person_id=self.id), self.subject, ContactAudience.NOBODY, purpose)

    @property
    def words(self) -> list[str]:
        """What search finds the person by. Never a contact detail."""
        place = self.place.name if self.place else None
        return words_of(self.name, self.headline, place, *self.offers, *self.seeks, self.bio)


def add_person(new: NewPerson, now: datetime) -> Person:
    """A new person, whose address nobody may see until they choose otherwise."""
    profile = {name: value for name, value in new if name not in {"email", "hub_id"}}
    own_mail = Contact(kind=ContactKind.EMAIL, value=new.email, audience=ContactAudience.NOBODY)
    return Person(id=new_id("per"), **profile, address=new.email, contacts=[own_mail], created_at=now)


def change_person(person: Person, change: ChangePerson) -> tuple[Person, list[str]]:
    """The person after a change, and the names of the fields that are different now.

    What a partner says about affiliations stays; the list that was sent replaces what the person said.
    """
    sent = {name: getattr(change, name) for name in change.model_fields_set}
    if "contacts" in sent:
        sent["contacts"] = [Contact(**dict(contact)) for contact in change.contacts]
    if "affiliations" in sent:
        own = [Affiliation(**dict(one), provenance=Provenance.PERSON) for one in change.affiliations]
        others = [one for one in person.affiliations if one.provenance is not Provenance.PERSON]
        sent["affiliations"] = [*others, *own]
    if sent.get("place") is not None:
        sent["place"] = Place(**dict(sent["place"]))
    changed = sorted(name for name, value in sent.items() if getattr(person, name) != value)
    if not changed:
        return person, []
    return person.model_copy(update={**sent, "version": person.version + 1}), changed
