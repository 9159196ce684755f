"""What there is: each kind of thing with an id, told by the id's prefix, and where its service keeps it."""

from dataclasses import dataclass

from shared.ids import prefix_of


@dataclass(frozen=True)
class Kind:
    """A type of the graph and where its service keeps it: `GET /<collection>` and, when ids of it have a prefix of
    their own here, `POST /<collection>/by-ids`. `is_long`: its texts may be of many thousand characters."""

    type: str
    prefix: str | None
    service: str
    collection: str
    is_long: bool = False


HUB = Kind("Hub", "hub", "membership", "hubs")
GROUP = Kind("Group", "grp", "membership", "groups")
PERSON = Kind("Person", "per", "membership", "people")
ORGANISATION = Kind("Organisation", "org", "membership", "organisations")
MEMBERSHIP = Kind("Membership", "mem", "membership", "memberships")
API_KEY = Kind("ApiKey", "key", "membership", "api-keys")
EVENT = Kind("Event", "evt", "events", "events", is_long=True)
REGISTRATION = Kind("Registration", "reg", "events", "registrations")
ENTRY = Kind("Entry", "ent", "learning", "entries", is_long=True)
ENDPOINT = Kind("WebhookEndpoint", "whe", "notify", "endpoints")
DELIVERY = Kind("WebhookDelivery", "dlv", "notify", "deliveries")
MESSAGE = Kind("Message", "msg", "notify", "messages")
INVITATION = Kind("ReflectionInvitation", None, "learning", "invitations")
REVISION = Kind("EntryRevision", None, "learning", "revisions")

KINDS = (
    HUB,
    GROUP,
    PERSON,
    ORGANISATION,
    MEMBERSHIP,
    API_KEY,
    EVENT,
    REGISTRATION,
    ENTRY,
    ENDPOINT,
    DELIVERY,
    MESSAGE,
    INVITATION,
    REVISION,
)
BY_TYPE = {kind.type: kind for kind in KINDS}
BY_PREFIX = {kind.prefix: kind for kind in KINDS if kind.prefix is not None}


def kind_of(identifier: str) -> Kind | None:
    """The kind an id is of; None for anything that is not an id of ours."""
    return BY_PREFIX.get(prefix_of(identifier) or "")
