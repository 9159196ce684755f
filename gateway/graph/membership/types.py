"""Who is in the community: hubs, groups, people, organisations, memberships, keys and sign-ins."""

from datetime import date, datetime
from enum import StrEnum

import strawberry

from gateway.graph.shapes import Node, Place, about, shown
from shared.consent import ContactAudience
from shared.contracts.membership.groups import JoinPolicy
from shared.contracts.membership.hubs import HubKind
from shared.contracts.membership.memberships import Role
from shared.enums import ActorKind, Theme


@shown
class Hub(Node):
    """A regional, national or thematic centre. Hubs nest."""

    slug: str
    name: str
    kind: HubKind
    summary: str
    place: Place | None
    created_at: datetime
    version: int


@shown
class Group(Node):
    """One community of practice: a shared problem, a place, its people."""

    slug: str
    name: str
    domain: str = about("The problem its members share.")
    practice: str
    place: Place | None
    themes: list[Theme]
    join_policy: JoinPolicy
    member_count: int
    activity_count: int = about("How many entries were shared with it.")
    created_at: datetime
    version: int


@shown
class Contact:
    """A contact detail its owner lets you see."""

    kind: str
    value: str
    audience: ContactAudience | None = about("Whom its owner chose; shown to the owner alone.")


@shown
class Affiliation:
    """A person at an organisation, from its first to its last day."""

    since: date | None
    until: date | None
    provenance: str = about("Who says so: `person` or `partner`.")


@shown
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
    version: int


@shown
class Organisation(Node):
    """Where people work: a funder, commissioner, delivery organisation, network body."""

    name: str
    kind: ActorKind
    place: Place | None
    domains: list[str]
    website: str | None
    created_at: datetime
    version: int


@shown
class Membership(Node):
    """A person in a hub, or in a group of it, with what they do there."""

    roles: list[Role]
    joined_at: datetime
    accepted_at: datetime | None = about(
        "When the person said yes to it; none while only somebody else has put them in."
    )
    left_at: datetime | None
    version: int


@shown
class ApiKey(Node):
    """A key for a hub's site or a partner's sync, without its secret."""

    name: str
    prefix: str = about("What may be shown of the key itself.")
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    rotated_at: datetime | None
    revoked_at: datetime | None


@shown
class Session:
    """Tokens after signing in. Times are seconds from now."""

    access_token: str
    refresh_token: str
    expires_in: int
    refresh_expires_in: int


@strawberry.enum(description="What sort of caller.")
class ViewerKind(StrEnum):
    """What sort of caller."""

    PERSON = "person"
    CLIENT = "client"
    ANONYMOUS = "anonymous"


@shown
class Viewer:
    """Who is asking, and what is open to them."""

    kind: ViewerKind
    id: strawberry.ID | None = about("The person's or the key's id.")
    scopes: list[str]
