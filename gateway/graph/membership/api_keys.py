"""API keys of hubs and partners."""

from datetime import datetime

import strawberry

from gateway.graph.edges import Edge
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.membership.hubs import HUB
from gateway.graph.mutation import Mutation, the
from gateway.graph.part import Part
from gateway.graph.shapes import Node, about, graph_input, graph_type
from shared.contracts.membership.api_keys import ApiKeyStopReason, ApiKeyView, NewApiKey, RotateApiKey
from shared.enums import Scope

API_KEY = Kind("ApiKey", ApiKeyView, "membership", "api-keys")


@graph_type(ApiKeyView)
class ApiKey(Node):
    """A key for a hub's site or a partner's sync, without its secret."""

    name: str = about("What it is for, as its maker wrote it.")
    prefix: str = about("The first part of the key, which is not secret.")
    scopes: list[Scope] = about("What it opens, as long as the person or key that made or rotated it may do the same.")
    created_at: datetime = about("When it was made. Its secret may be newer.")
    expires_at: datetime | None = about("When it expires; null when it does not.")
    last_used_at: datetime | None = about("When it was last used, to the minute; null when it never was.")
    rotated_at: datetime | None = about("When it was last given a new secret; null when it still has its first.")
    revoked_at: datetime | None = about("When it was revoked; null when it was not.")
    stopped_reason: ApiKeyStopReason | None = about(
        "Why its newest secret opens nothing now; null while that secret opens something."
    )


@graph_input
class CreateApiKeyInput:
    """A key for a hub's site or a partner's sync. It can do no more than its maker."""

    name: str = about("What it is for, so that others can tell later whether it is still needed.")
    hub_id: strawberry.ID | None = about("The hub that it opens, with the hubs below it.", name="hub")
    scopes: list[Scope] = about("What it opens, at least one scope; nothing that you cannot open yourself.")
    expires_at: datetime | None = about("When it expires, within ten years. It does not expire when this is left out.")


@graph_input
class RotateApiKeyInput:
    """Give a key a new secret. The old one works for some time longer."""

    api_key_id: strawberry.ID = about("The key that gets a new secret.", name="apiKey")
    overlap_seconds: int | None = about(
        "Seconds for which the old secret still works, up to 604,800 (a week); 86,400 (a day) when left out."
    )


@graph_input
class RevokeApiKeyInput:
    """End a key at once."""

    api_key_id: strawberry.ID = about("The key to end, with all keys that it made.", name="apiKey")


_SECRET = {"api_key": ApiKey, "secret": str}


PART = Part(
    kinds=(API_KEY,),
    types=(ApiKey,),
    edges=(
        Edge(
            "ApiKey",
            "hub",
            "Hub",
            key="hub_id",
            about="The hub that it opens, with the hubs below it; null for a key of the whole community.",
        ),
    ),
    queries=(
        Listing(
            name="apiKeys",
            kind=API_KEY,
            about="The API keys of the hubs you look after, oldest first, without their secrets.",
            filters=narrowed_by(
                Filter("hub", HUB, about="Of this hub and all hubs below it."),
                Filter("revoked", bool, about="True for those that were revoked alone, false for all others."),
            ),
        ),
        Lookup("apiKey", API_KEY),
    ),
    mutations=(
        Mutation(
            name="createApiKey",
            about="Make an API key. Its secret is shown this once.",
            service="membership",
            method="POST",
            path="/api-keys",
            input=CreateApiKeyInput,
            request=NewApiKey,
            gives=_SECRET,
            answer=lambda answer: {"api_key": answer["key"], "secret": answer["secret"]},
        ),
        Mutation(
            name="rotateApiKey",
            about="Give an API key a new secret. It is shown this once.",
            service="membership",
            method="POST",
            path="/api-keys/{api_key_id:key}/rotate",
            input=RotateApiKeyInput,
            request=RotateApiKey,
            gives=_SECRET,
            answer=lambda answer: {"api_key": answer["key"], "secret": answer["secret"]},
        ),
        Mutation(
            name="revokeApiKey",
            about="End an API key at once and for good.",
            service="membership",
            method="POST",
            path="/api-keys/{api_key_id:key}/revoke",
            input=RevokeApiKeyInput,
            gives={"api_key": ApiKey},
            answer=the("api_key"),
        ),
    ),
)
