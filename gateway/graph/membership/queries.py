"""Reading who is in the community."""

from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import API_KEY, GROUP, HUB, ORGANISATION, PERSON
from gateway.graph.listing import Listing, Lookup
from shared.enums import ActorKind, Theme

QUERIES = (
    Listing(
        name="hubs",
        kind=HUB,
        about="Hubs; with `parent`, those right below it.",
        filters=narrowed_by(Filter("parent", HUB)),
    ),
    Lookup("hub", HUB, by="slug"),
    Listing(
        name="groups",
        kind=GROUP,
        about="Groups; with `hub`, those of the hub and of all hubs below it.",
        filters=narrowed_by(Filter("hub", HUB), Filter("theme", Theme)),
    ),
    Lookup("group", GROUP, by="slug"),
    Listing(
        name="people",
        kind=PERSON,
        about="People, as far as you may see them.",
        filters=narrowed_by(
            Filter("search", str),
            Filter("hub", HUB),
            Filter("group", GROUP),
            Filter("theme", Theme),
            Filter("actorKind", ActorKind, param="actor_kind"),
        ),
    ),
    Lookup("person", PERSON),
    Listing(
        name="organisations",
        kind=ORGANISATION,
        about="Organisations people work at.",
        filters=narrowed_by(Filter("kind", ActorKind), Filter("search", str)),
    ),
    Lookup("organisation", ORGANISATION),
    Listing(
        name="apiKeys",
        kind=API_KEY,
        about="The API keys of a hub, without their secrets.",
        filters=narrowed_by(Filter("hub", HUB)),
    ),
)
