"""Reading who is in the community."""

import strawberry

from gateway.graph.kinds import API_KEY, GROUP, HUB, ORGANISATION, PERSON
from gateway.graph.listing import Filter, Listing, Lookup
from shared.contracts.words import ActorKind, Theme

QUERIES = (
    Listing(
        name="hubs",
        kind=HUB,
        about="Hubs; with `parent`, those right below it.",
        filters=(Filter("parent", strawberry.ID),),
    ),
    Lookup("hub", HUB, by="slug"),
    Listing(
        name="groups",
        kind=GROUP,
        about="Groups; with `hub`, those of the hub and of all hubs below it.",
        filters=(Filter("hub", strawberry.ID), Filter("theme", Theme)),
    ),
    Lookup("group", GROUP, by="slug"),
    Listing(
        name="people",
        kind=PERSON,
        about="People, as far as you may see them.",
        filters=(
            Filter("search", str),
            Filter("hub", strawberry.ID),
            Filter("group", strawberry.ID),
            Filter("theme", Theme),
            Filter("actorKind", ActorKind, param="actor_kind"),
        ),
    ),
    Lookup("person", PERSON),
    Listing(
        name="organisations",
        kind=ORGANISATION,
        about="Organisations people work at.",
        filters=(Filter("kind", ActorKind), Filter("search", str)),
    ),
    Lookup("organisation", ORGANISATION),
    Listing(
        name="apiKeys",
        kind=API_KEY,
        about="The API keys of a hub, without their secrets.",
        filters=(Filter("hub", strawberry.ID),),
    ),
)
