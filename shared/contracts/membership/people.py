"""People: profiles and contact details. The person chooses the audience of each contact detail."""

from datetime import date, datetime
from typing import Annotated, ClassVar

from pydantic import Field, ValidationInfo, field_validator

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
    BLANK_IS_NONE,
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
    """How a person can be reached."""

    EMAIL = "email", "A mail address."
    PHONE = "phone", "A telephone number, with the country's code if it is needed."
    WEBSITE = "website", "The address of a page of their own."
    MASTODON = "mastodon", "An account in the fediverse: `@name@example.org`, or the address of its page."
    LINKEDIN = "linkedin", "The address of their page at LinkedIn."
    OTHER = "other", "Another way to reach them, in their own words."


class Provenance(Described):
    """Who says that a person is at an organisation."""

    PERSON = "person", "The person said so."
    PARTNER = "partner", "A partner organisation said so, when it passed on its data."


class PersonAdded(Message):
    """A person was added to the community."""

    topic: ClassVar[str] = "membership.person_added"
    person_id: PersonId
    version: int


class PersonOrder(Described):
    """The orders of a list of people: by name and by time alone, for nothing ranks them."""

    NAME = "name", "By name, from A to Z, without regard to case and accents."
    NEWEST = "newest", "By when they came into the community: the newest comes first."
    OLDEST = "oldest", "By when they came into the community: the oldest comes first."


class PersonChanged(Message):
    """The profile of a person changed. `changed` names the fields, never their values."""

    topic: ClassVar[str] = "membership.person_changed"
    person_id: PersonId
    changed: list[str]
    version: int


class ContactInput(Input):
    """A contact detail, and who may see it."""

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
    """An organisation where the person is or was. `since`, `until`: their first and last day there."""

    organisation_id: OrganisationId
    since: Day | None = None
    until: Day | None = None

    @field_validator("until")
    @classmethod
    def _in_order(cls, until: date | None, fields: ValidationInfo) -> date | None:
        since = fields.data.get("since")
        if since is not None and until is not None and until < since:
            raise fault("invalid_value", "`until` comes before `since`.")
        return until


class Profile(Input):
    """What a person says about themself. In a change, fields that are not sent stay as they are."""

    pronouns: Annotated[ShortLine | None, BLANK_IS_NONE] = None
    headline: Annotated[Line | None, BLANK_IS_NONE] = None
    bio: Annotated[Text | None, BLANK_IS_NONE] = None
    place: Place | None = None
    themes: Themes = Field(default_factory=list)
    actor_kinds: ActorKinds = Field(default_factory=list)
    languages: Languages = Field(default_factory=list)
    offers: Lines = Field(default_factory=list)
    seeks: Lines = Field(default_factory=list)


class NewPerson(Profile):
    """A person to add. `email`: the address they sign in with. `hub_id`: the hub to which they are added."""

    name: Line
    email: EmailAddress
    hub_id: HubId | None = None


class ChangePerson(Profile, Changes):
    """The fields of a profile to change. A list that is sent replaces the old one."""

    name: Line = UNCHANGED
    contacts: Annotated[list[ContactInput], Field(max_length=20)] = Field(default_factory=list)
    affiliations: Annotated[list[AffiliationInput], Field(max_length=20)] = Field(default_factory=list)


class ContactView(View):
    """A contact detail that the caller may see. `audience`: who may see it; shown only to the owner, else null."""

    kind: ContactKind
    value: str
    audience: ContactAudience | None = None


class AffiliationView(View):
    """A person at an organisation, from the first to the last day, and who says so (`person` or `partner`)."""

    organisation_id: OrganisationId
    since: date | None
    until: date | None
    provenance: Provenance


class PersonView(View):
    """A person as the caller may see them. `contacts` holds only what the consent policy allows.

    `viewer_can_update`: whether the caller could change the profile now.
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
