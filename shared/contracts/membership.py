"""What membership tells (messages) and shows (views)."""

from datetime import date, datetime
from typing import ClassVar

from shared.consent import ContactAudience
from shared.contracts.view import Place, View
from shared.contracts.enums import ActorKind, HubKind, JoinPolicy, Role, Theme
from shared.ids import GroupId, HubId, KeyId, MembershipId, OrganisationId, PersonId
from shared.messaging.envelope import Message, register


class HubCreated(Message):
    """A hub exists. `ancestors` are the hubs above it, nearest first."""

    topic: ClassVar[str] = "membership.hub_created"
    hub_id: HubId
    slug: str
    parent_id: HubId | None
    ancestors: list[HubId]
    version: int


class GroupCreated(Message):
    """A group exists in a hub."""

    topic: ClassVar[str] = "membership.group_created"
    group_id: GroupId
    hub_id: HubId
    slug: str
    version: int


class GroupJoined(Message):
    """A person became a member of a group: `actor` says whether by their own doing. If not, it waits for their yes."""

    topic: ClassVar[str] = "membership.group_joined"
    membership_id: MembershipId
    group_id: GroupId
    hub_id: HubId
    person_id: PersonId
    roles: list[Role]
    version: int


class GroupLeft(Message):
    """A person is no longer a member of a group."""

    topic: ClassVar[str] = "membership.group_left"
    membership_id: MembershipId
    group_id: GroupId
    hub_id: HubId
    person_id: PersonId
    version: int


class HubJoined(Message):
    """A person belongs to a hub."""

    topic: ClassVar[str] = "membership.hub_joined"
    membership_id: MembershipId
    hub_id: HubId
    person_id: PersonId
    roles: list[Role]
    version: int


class HubLeft(Message):
    """A person no longer belongs to a hub."""

    topic: ClassVar[str] = "membership.hub_left"
    membership_id: MembershipId
    hub_id: HubId
    person_id: PersonId
    version: int


class MembershipAccepted(Message):
    """A person said yes to being in a hub (no group) or a group, where somebody else had put them."""

    topic: ClassVar[str] = "membership.membership_accepted"
    membership_id: MembershipId
    hub_id: HubId
    group_id: GroupId | None
    person_id: PersonId
    version: int


class RolesChanged(Message):
    """A person does something else for a hub (no group) or a group than before."""

    topic: ClassVar[str] = "membership.roles_changed"
    membership_id: MembershipId
    hub_id: HubId
    group_id: GroupId | None
    person_id: PersonId
    roles: list[Role]
    version: int


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


class OrganisationAdded(Message):
    """An organisation is in the community."""

    topic: ClassVar[str] = "membership.organisation_added"
    organisation_id: OrganisationId
    version: int


class ApiKeyCreated(Message):
    """A key exists."""

    topic: ClassVar[str] = "membership.api_key_created"
    key_id: KeyId
    hub_id: HubId | None


class ApiKeyRotated(Message):
    """A key has a new secret; the old one works until `overlap_until`."""

    topic: ClassVar[str] = "membership.api_key_rotated"
    key_id: KeyId
    hub_id: HubId | None
    overlap_until: datetime


class ApiKeyRevoked(Message):
    """A key opens nothing any more."""

    topic: ClassVar[str] = "membership.api_key_revoked"
    key_id: KeyId
    hub_id: HubId | None


class SessionEnded(Message):
    """A sign-in is over (signed out, or its refresh token was used twice). For the gateways alone."""

    topic: ClassVar[str] = "membership.session_ended"
    public: ClassVar[bool] = False
    broadcast: ClassVar[bool] = True
    person_id: PersonId
    session_id: str


class SignInRequested(Message):
    """Somebody asked for a code. Notify fetches address and code from membership when it sends the mail.

    An address nobody has is told of just the same, so that neither answer nor timing gives it away; membership then
    has no mail to send.
    """

    topic: ClassVar[str] = "membership.sign_in_requested"
    public: ClassVar[bool] = False
    request_id: str


register(
    HubCreated,
    GroupCreated,
    GroupJoined,
    GroupLeft,
    HubJoined,
    HubLeft,
    MembershipAccepted,
    RolesChanged,
    PersonAdded,
    PersonChanged,
    OrganisationAdded,
    ApiKeyCreated,
    ApiKeyRotated,
    ApiKeyRevoked,
    SessionEnded,
    SignInRequested,
)


class HubView(View):
    """A hub."""

    id: HubId
    slug: str
    name: str
    kind: HubKind
    summary: str
    place: Place | None
    parent_id: HubId | None
    ancestors: list[HubId]
    created_at: datetime
    version: int


class GroupView(View):
    """A group. `member_count` counts people; `activity_count` counts entries shared through the group."""

    id: GroupId
    slug: str
    name: str
    domain: str
    practice: str
    hub_id: HubId
    place: Place | None
    themes: list[Theme]
    join_policy: JoinPolicy
    member_count: int
    activity_count: int
    created_at: datetime
    version: int


class ContactView(View):
    """A contact detail the viewer may be given. `audience`: whom its owner chose, told to the owner alone."""

    kind: str
    value: str
    audience: ContactAudience | None = None


class AffiliationView(View):
    """A person at an organisation: from its first to its last day, and who says so (`person` or `partner`)."""

    organisation_id: OrganisationId
    since: date | None
    until: date | None
    provenance: str


class PersonView(View):
    """A person as this viewer may see them: `contacts` holds only what the consent policy lets through."""

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
    version: int


class OrganisationView(View):
    """An organisation."""

    id: OrganisationId
    name: str
    kind: ActorKind
    place: Place | None
    domains: list[str]
    website: str | None
    created_at: datetime
    version: int


class MembershipView(View):
    """A person in a hub (`group_id` is empty) or in a group. `accepted_at` is empty while only others have said so."""

    id: MembershipId
    person_id: PersonId
    hub_id: HubId
    group_id: GroupId | None
    roles: list[Role]
    joined_at: datetime
    accepted_at: datetime | None
    left_at: datetime | None
    version: int


class ApiKeyView(View):
    """A key without its secret. `prefix` is what may be shown: `myc_live_<id>`."""

    id: KeyId
    name: str
    prefix: str
    hub_id: HubId | None
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    rotated_at: datetime | None
    revoked_at: datetime | None


class NewApiKeyView(View):
    """A key and, this once, its secret."""

    key: ApiKeyView
    secret: str


class SessionView(View):
    """Tokens after signing in or refreshing. Times are seconds from now."""

    person_id: PersonId
    access_token: str
    refresh_token: str
    expires_in: int
    refresh_expires_in: int


class CodeMailView(View):
    """Where a sign-in code goes, and the code, made this moment. For notify alone."""

    address: str
    code: str
    expires_at: datetime
