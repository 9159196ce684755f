"""A small world for the authorisation proofs: the callers, and the things to read and change."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared import clock
from shared.auth import SCOPES
from tests.support.acting import Actor, Community
from tests.support.founding import HUB_SCOPES
from tests.support.waiting import eventually

ACTORS = ("anonymous", "member", "other_hubs_key", "steward", "operator", "revoked_key")


@dataclass
class World:
    """The actors by name, and the ids of things that belong to the community's hub.

    `convener`: the convener of closed groups, who is not an actor of the tables.
    """

    community: Community
    actors: dict[str, Actor]
    convener: Actor
    ids: dict[str, str] = field(default_factory=dict)
    _begin_at: datetime = field(default_factory=clock.now)
    _begun: list[str] = field(default_factory=list)

    async def fresh_event(self, *, publish: bool = True, **values: Any) -> str:
        """Create an event of the hub for one mutation; return its id."""
        if publish:
            return await self.community.an_event(**values)
        made = await self.community.hub_key.do("createEvent", "event { id }", **an_event(self.community.hub), **values)
        event: str = made["event"]["id"]
        return event

    async def fresh(self, thing: str) -> str:
        """Create a `hub` below the world's hub, or a `group` in it, for one mutation; return its id."""
        about = {"slug": slug(), "name": "New"}
        if thing == "hub":
            about |= {"kind": "THEMATIC", "parent": self.community.hub}
        else:
            about |= {"domain": "D", "hub": self.community.hub}
        made = await self.community.hub_key.do(f"create{thing.title()}", f"{thing} {{ id }}", **about)
        identifier: str = made[thing]["id"]
        return identifier

    async def let_events_begin(self) -> None:
        """Create the events for `begun_event`; they begin in a moment."""
        self._begin_at = clock.now() + timedelta(seconds=12)
        times = {"startsAt": clock.iso(self._begin_at), "endsAt": clock.iso(self._begin_at + timedelta(hours=1))}
        self._begun = [await self.community.an_event(**times) for _ in range(len(ACTORS) + 1)]

    async def begun_event(self) -> str:
        """An event of the hub that has begun and not ended, for one mutation."""

        def begun() -> bool:
            return clock.now() > self._begin_at

        await eventually(begun, within=30)
        return self._begun.pop()


def an_event(hub: str) -> dict[str, Any]:
    """The input for a draft."""
    return {
        "title": "A matter of doors",
        "kind": "WORKSHOP",
        "hub": hub,
        "startsAt": "2031-05-05T10:00:00Z",
        "endsAt": "2031-05-05T12:00:00Z",
        "timeZone": "Europe/London",
    }


def slug() -> str:
    """A new, unused slug."""
    return "s-" + secrets.token_hex(6)


async def make_world(community: Community) -> World:
    """Create the world through the public API."""
    stack, operator, hub_key, hub = community.stack, community.operator, community.hub_key, community.hub
    member, steward = await community.a_person(joins=True), await community.a_person(accepts=False)
    await hub_key.do("addHubMember", "membership { id }", hub=hub, person=steward.id, roles=["STEWARD"])
    await steward.accept_all()
    other = (await operator.do("createHub", "hub { id }", slug=slug(), name="Elsewhere", kind="REGIONAL"))["hub"]["id"]
    keys = {}
    for name, of in (("other_hubs_key", other), ("revoked_key", hub)):
        made = await operator.do("createApiKey", "apiKey { id } secret", name=name, hub=of, scopes=HUB_SCOPES)
        keys[name] = Actor(stack, made["secret"], made["apiKey"]["id"])
    await operator.do("revokeApiKey", "apiKey { id }", apiKey=keys["revoked_key"].id)
    assert len(SCOPES) > len(HUB_SCOPES)
    world = World(
        community,
        {"anonymous": Actor(stack, None), "member": member, "steward": steward, "operator": operator, **keys},
        await community.a_person(),
    )
    await world.let_events_begin()
    entry = {"kind": "REFLECTION", "title": "Doors", "body": "Some are shut.", "hub": hub}
    ids = world.ids
    for audience in ("ME", "GROUP", "HUB", "COMMUNITY"):
        values = {**entry, "audience": audience} | ({"group": community.group} if audience == "GROUP" else {})
        shared = await member.do("shareEntry", "entry { id }", **values)
        ids[f"entry_{audience.lower()}"] = shared["entry"]["id"]
    ids["event_community"] = await community.an_event()
    ids["event_group"] = await community.an_event(group=community.group, visibility="GROUP")
    ids["event_draft"] = await world.fresh_event(publish=False)
    registered = await member.do("registerForEvent", "registration { id }", event=ids["event_community"])
    ids["registration"] = registered["registration"]["id"]
    endpoint = await hub_key.do(
        "createWebhookEndpoint", "endpoint { id }", hub=hub, url="http://127.0.0.1:9/", topics=["events.event_changed"]
    )
    ids["endpoint"] = endpoint["endpoint"]["id"]
    pinged = await hub_key.do("pingWebhookEndpoint", "delivery { id }", endpoint=ids["endpoint"])
    ids["delivery"] = pinged["delivery"]["id"]
    made = await hub_key.do("createApiKey", "apiKey { id }", name="seen", hub=hub, scopes=["DIRECTORY_READ"])
    ids["api_key"] = made["apiKey"]["id"]
    slugs = await operator.ask(
        "query($h: ID!, $g: ID!) { h: node(id: $h) { ... on Hub { slug } } g: node(id: $g) { ... on Group { slug } } }",
        h=hub,
        g=community.group,
    )
    ids |= {"hub_slug": slugs["h"]["slug"], "group_slug": slugs["g"]["slug"]}
    ids["membership"] = (await member.do("joinGroup", "membership { id }", group=community.group))["membership"]["id"]
    logged = "query($h: ID!) { messages(filter: {hub: $h}, first: 1) { edges { node { id } } } }"
    log = await operator.ask(logged, h=hub)
    ids["message"] = log["messages"]["edges"][0]["node"]["id"]
    await hub_key.do("completeEvent", "event { id }", event=await world.begun_event())

    async def invited() -> str | None:
        query = "query($h: ID!) { reflectionInvitations(filter: {hub: $h}) { edges { node { id } } } }"
        edges = (await operator.ask(query, h=hub))["reflectionInvitations"]["edges"]
        return edges[0]["node"]["id"] if edges else None

    ids["invitation"] = await eventually(invited)
    organisation = await hub_key.do("createOrganisation", "organisation { id }", name="Doors Ltd", kind="NETWORK_BODY")
    ids["organisation"] = organisation["organisation"]["id"]
    return world
