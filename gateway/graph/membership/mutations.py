"""Changing who is in the community."""

from datetime import date

import strawberry

from gateway.graph.membership.types import Group, Hub, Membership, Organisation, Person
from gateway.graph.mutation import Mutation, the
from gateway.graph.shapes import PlaceInput, about, given
from shared.consent import ContactAudience
from shared.contracts.membership.groups import JoinPolicy
from shared.contracts.membership.hubs import HubKind
from shared.contracts.membership.memberships import Role
from shared.enums import ActorKind, Theme


@given
class CreateHubInput:
    """A new hub; with `parent`, below another."""

    slug: str
    name: str
    kind: HubKind
    summary: str | None
    place: PlaceInput | None
    parent_id: strawberry.ID | None = about("The hub above it.", name="parent")


@given
class CreateGroupInput:
    """A new group in a hub."""

    slug: str
    name: str
    domain: str = about("The problem its members share.")
    practice: str | None
    hub_id: strawberry.ID = about("The hub it belongs to.", name="hub")
    place: PlaceInput | None
    themes: list[Theme] | None
    join_policy: JoinPolicy | None


@given
class JoinGroupInput:
    """Join a group; who looks after it may bring others in; into one that is not open, its conveners alone."""

    group_id: strawberry.ID = about("The group.", name="group")
    person_id: strawberry.ID | None = about("Somebody else than yourself.", name="person")
    roles: list[Role] | None = about("For somebody else: what they do for the group.")


@given
class LeaveGroupInput:
    """Leave a group; who looks after it may also end somebody's membership."""

    group_id: strawberry.ID = about("The group.", name="group")
    person_id: strawberry.ID | None = about("Somebody else than yourself.", name="person")


@given
class AddHubMemberInput:
    """Bring a person into a hub."""

    hub_id: strawberry.ID = about("The hub.", name="hub")
    person_id: strawberry.ID = about("The person.", name="person")
    roles: list[Role] | None


@given
class AcceptMembershipInput:
    """Say yes to a membership of yours that somebody else made."""

    membership_id: strawberry.ID = about("The membership.", name="membership")


@given
class LeaveHubInput:
    """Leave a hub; who looks after it may also end somebody's membership."""

    hub_id: strawberry.ID = about("The hub.", name="hub")
    person_id: strawberry.ID | None = about("Somebody else than yourself.", name="person")


@given
class ContactInput:
    """A contact detail, and who may see it."""

    kind: str = about("`email`, `phone`, `website`, `mastodon`, `linkedin` or `other`.")
    value: str
    audience: ContactAudience


@given
class AffiliationInput:
    """Where a person works, and since when."""

    organisation_id: strawberry.ID = about("The organisation.", name="organisation")
    since: date | None = about("The first day.")
    until: date | None = about("The last day; none while it lasts.")


@given
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


@given
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


@given
class CreateOrganisationInput:
    """A new organisation."""

    name: str
    kind: ActorKind
    place: PlaceInput | None
    domains: list[str] | None
    website: str | None
    hub_id: strawberry.ID | None = about("The hub that is told of it.", name="hub")


MUTATIONS = (
    Mutation(
        name="createHub",
        about="Make a hub.",
        service="membership",
        method="POST",
        path="/hubs",
        input=CreateHubInput,
        gives={"hub": Hub},
        answer=the("hub"),
    ),
    Mutation(
        name="createGroup",
        about="Make a group in a hub.",
        service="membership",
        method="POST",
        path="/groups",
        input=CreateGroupInput,
        gives={"group": Group},
        answer=the("group"),
    ),
    Mutation(
        name="joinGroup",
        about="Join a group. Who is in it already stays in it.",
        service="membership",
        method="POST",
        path="/groups/{group_id}/members",
        input=JoinGroupInput,
        gives={"membership": Membership},
        answer=the("membership"),
    ),
    Mutation(
        name="leaveGroup",
        about="Leave a group.",
        service="membership",
        method="DELETE",
        path="/groups/{group_id}/members/{person_id}",
        input=LeaveGroupInput,
        gives={"membership": Membership},
        answer=the("membership"),
        absent={"person_id": "me"},
    ),
    Mutation(
        name="addHubMember",
        about="Bring a person into a hub.",
        service="membership",
        method="POST",
        path="/hubs/{hub_id}/members",
        input=AddHubMemberInput,
        gives={"membership": Membership},
        answer=the("membership"),
    ),
    Mutation(
        name="leaveHub",
        about="Leave a hub.",
        service="membership",
        method="DELETE",
        path="/hubs/{hub_id}/members/{person_id}",
        input=LeaveHubInput,
        gives={"membership": Membership},
        answer=the("membership"),
        absent={"person_id": "me"},
    ),
    Mutation(
        name="acceptMembership",
        about="Say yes to a membership somebody else made for you. Until then it counts for nothing.",
        service="membership",
        method="POST",
        path="/memberships/{membership_id}/accept",
        input=AcceptMembershipInput,
        gives={"membership": Membership},
        answer=the("membership"),
    ),
    Mutation(
        name="createPerson",
        about="Bring a person into the community.",
        service="membership",
        method="POST",
        path="/people",
        input=CreatePersonInput,
        gives={"person": Person},
        answer=the("person"),
    ),
    Mutation(
        name="updatePerson",
        about="Change your profile.",
        service="membership",
        method="PATCH",
        path="/people/{person_id}",
        input=UpdatePersonInput,
        gives={"person": Person},
        answer=the("person"),
    ),
    Mutation(
        name="createOrganisation",
        about="Add an organisation.",
        service="membership",
        method="POST",
        path="/organisations",
        input=CreateOrganisationInput,
        gives={"organisation": Organisation},
        answer=the("organisation"),
    ),
)
