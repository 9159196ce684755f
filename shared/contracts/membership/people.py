"""People: profiles, and contact details each with the audience its owner chose."""

from datetime import date, datetime
from typing import Annotated, ClassVar

from pydantic import Field, ValidationInfo, field_validator, model_validator

from shared.addresses import email_address, fediverse_address, no_other_scheme, phone_number, web_address
from shared.consent import ContactAudience
from shared.contracts.membership.hubs import HubId
from shared.contracts.membership.organisations import OrganisationId
from shared.contracts.view import View
from shared.enums import ActorKind, Described, Theme
from shared.faults import fault
from shared.ids import IdType
from shared.messaging.envelope import Message
from shared.values import (
    UNCHANGED,
    ActorKinds,
    Changes,
    Day,
    EmailAddress,
    Input,
    Languages,
    Line,
    Lines,
    Place,
    ShortLine,
    Text,
    Themes,
)

PersonId = Annotated[str, IdType("per")]


class ContactKind(Described):
    """How somebody can be reached."""

    EMAIL = "email", "A mail address."
    PHONE = "phone", "A telephone number, with the country's code where that is needed."
    WEBSITE = "website", "The address of a page of their own."
    MASTODON = "mastodon", "An account in the fediverse: `@name@example.org`, or the address of its page."
    LINKEDIN = "linkedin", "The address of their page at LinkedIn."
    OTHER = "other", "Anything else by which they can be reached, as they write it."


class Provenance(Described):
    """Who says that somebody works somewhere."""

    PERSON = "person", "They said so themselves."
    PARTNER = "partner", "A partner said so, when it passed on what it knows."


class PersonAdded(Message):
    """A person is in the community."""

    topic: ClassVar[str] = "membership.person_added"
    person_id: PersonId
    version: int


class PersonChanged(Message):
    """A person's profile changed; `changed` names the fields, never their values."""

    topic: ClassVar[str] = "membership.person_changed"
    person_id: PersonId
    changed: list[str]
    version: int


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
                email_address(value)
            case ContactKind.PHONE:
                phone_number(value)
            case ContactKind.WEBSITE | ContactKind.LINKEDIN:
                web_address(value)
            case ContactKind.MASTODON:
                fediverse_address(value)
            case ContactKind.OTHER:
                no_other_scheme(value)
        return value


class AffiliationInput(Input):
    """Where the person works or worked; the days are its first and its last."""

    organisation_id: OrganisationId
    since: Day | None = None
    until: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "AffiliationInput":
        if self.since is not None and self.until is not None and self.until < self.since:
            raise fault("invalid_value", "`until` comes before `since`.")
        return self


class Profile(Input):
    """What a person says of themself. In a change, only the fields that were sent count."""

    pronouns: ShortLine | None = None
    headline: Line | None = None
    bio: Text | None = None
    place: Place | None = None
    themes: Themes = Field(default_factory=list)
    actor_kinds: ActorKinds = Field(default_factory=list)
    languages: Languages = Field(default_factory=list)
    offers: Lines = Field(default_factory=list)
    seeks: Lines = Field(default_factory=list)


class NewPerson(Profile):
    """What a person is made from. `hub_id`: the hub they come into."""

    name: Line
    email: EmailAddress
    hub_id: HubId | None = None


class ChangePerson(Profile, Changes):
    """A change of a profile. Lists are replaced as a whole."""

    name: Line = UNCHANGED
    contacts: Annotated[list[ContactInput], Field(max_length=20)] = Field(default_factory=list)
    affiliations: Annotated[list[AffiliationInput], Field(max_length=20)] = Field(default_factory=list)


class ContactView(View):
    """A contact detail the viewer may be given. `audience`: whom its owner chose, told to the owner alone."""

    kind: ContactKind
    value: str
    audience: ContactAudience | None = None


class AffiliationView(View):
    """A person at an organisation: from its first to its last day, and who says so."""

    organisation_id: OrganisationId
    since: date | None
    until: date | None
    provenance: Provenance


class PersonView(View):
    """A person as this viewer may see them: `contacts` holds only what the consent policy lets through.

    `viewer_can_update`: whether whoever asks could change the profile now.
    """

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
    contacts: list[ContactView]
    affiliations: list[AffiliationView]
    created_at: datetime
    viewer_can_update: bool
    version: int
