"""Every GraphQL field for every kind of caller: who gets an answer and who does not. Each field must be in a table."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from graphql import GraphQLObjectType

from gateway.graph.schema import executable
from services.membership.principals.commands import introspect
from shared import clock
from shared.auth import InternalTokens
from shared.settings import SERVICES
from tests.proofs.features import rows_of_features
from tests.proofs.test_authorisation_rest import OPEN, doors
from tests.proofs.world import ACTORS, World, an_event, make_world, slug
from tests.support.acting import Actor, Community, Refused
from tests.support.cells import cells
from tests.support.stack import Stack

SIGNED_IN = {"member", "other_hubs_key", "steward", "operator"}
LOOKING_AFTER, PEOPLE, HUBS_OWN = {"steward", "operator"}, {"member", "steward"}, {"member", "steward", "operator"}
EVERYONE = set(ACTORS) - {"revoked_key"}


@pytest.fixture(scope="module")
async def world(community: Community) -> World:
    world = await make_world(community)
    for rows in rows_of_features():
        await rows.prepare(world)
    return world


def some(page: str) -> str:
    return f"{page} {{ edges {{ node {{ id }} }} }}"


def node(identifier: str) -> tuple[str, str]:
    return "node", f'node(id: "{{{identifier}}}") {{ id }}'


def entity(type_: str, identifier: str) -> tuple[str, str]:
    representation = f'{{__typename: "{type_}", id: "{{{identifier}}}"}}'
    return "_entities", f"_entities(representations: [{representation}]) {{ ... on {type_} {{ id }} }}"


# (field, selection, callers who get something). {names} are the world's ids. Empty pages, null and false are nothing.
READS: list[tuple[str, str, set[str]]] = [
    ("viewer", "viewer { kind }", EVERYONE),
    ("hubs", some("hubs"), SIGNED_IN),
    ("hub", 'node(id: "{hub}") { ... on Hub { slug } }', SIGNED_IN),
    ("groups", some('groups(filter: {{hub: "{hub}"}})'), SIGNED_IN),
    ("group", 'node(id: "{group}") { ... on Group { slug } }', SIGNED_IN),
    ("people", some("people"), SIGNED_IN),
    ("person", 'person(id: "{member}") { name }', SIGNED_IN),
    ("organisations", some("organisations"), SIGNED_IN),
    ("organisation", 'organisation(id: "{organisation}") { name }', SIGNED_IN),
    ("events", some('events(filter: {{hub: "{hub}"}})'), SIGNED_IN),
    ("event", 'event(id: "{event_community}") { title }', SIGNED_IN),
    ("event", 'event(id: "{event_group}") { title }', {"member", "steward", "operator"}),
    ("event", 'event(id: "{event_draft}") { title }', LOOKING_AFTER),
    ("entries", some('entries(filter: {{hub: "{hub}"}})'), SIGNED_IN),
    ("entry", 'entry(id: "{entry_community}") { title }', SIGNED_IN),
    ("entry", 'entry(id: "{entry_hub}") { title }', {"member", "steward", "operator"}),
    ("entry", 'entry(id: "{entry_group}") { title }', {"member"}),
    ("entry", 'entry(id: "{entry_me}") { title }', {"member"}),
    ("webhookEndpoints", some('webhookEndpoints(filter: {{hub: "{hub}"}})'), LOOKING_AFTER),
    ("webhookDeliveries", some('webhookDeliveries(filter: {{endpoint: "{endpoint}"}})'), LOOKING_AFTER),
    ("messages", some('messages(filter: {{hub: "{hub}"}})'), LOOKING_AFTER),
    ("apiKeys", some('apiKeys(filter: {{hub: "{hub}"}})'), LOOKING_AFTER),
    ("webhookTopics", "webhookTopics {{ edges {{ node {{ topic }} }} }}", {"steward", "operator", "other_hubs_key"}),
    ("nodes", 'nodes(ids: ["{hub}"]) { id }', SIGNED_IN),
    ("hub", 'hub(slug: "{hub_slug}") {{ name }}', SIGNED_IN),
    ("group", 'group(slug: "{group_slug}") {{ name }}', SIGNED_IN),
    ("group", 'node(id: "{group}") {{ ... on Group {{ members {{ edges {{ node {{ id }} }} }} }} }}', SIGNED_IN),
    ("event", 'event(id: "{event_community}") {{ registrations {{ edges {{ node {{ id }} }} }} }}', LOOKING_AFTER),
    ("entry", 'entry(id: "{entry_hub}") {{ revisions {{ edges {{ node {{ title }} }} }} }}', HUBS_OWN),
    ("reflectionInvitations", some('reflectionInvitations(filter: {{hub: "{hub}"}})'), SIGNED_IN),
    ("hub", 'hub(id: "{hub}") {{ name }}', SIGNED_IN),
    ("group", 'group(id: "{group}") {{ name }}', SIGNED_IN),
    *(
        (name, f'{name}(id: "{{{identifier}}}") {{{{ id }}}}', seen_by)
        for name, identifier, seen_by in (
            ("registration", "registration", {"member", "steward", "operator"}),
            ("membership", "membership", SIGNED_IN),
            ("apiKey", "api_key", LOOKING_AFTER),
            ("webhookEndpoint", "endpoint", LOOKING_AFTER),
            ("webhookDelivery", "delivery", LOOKING_AFTER),
            ("message", "message", LOOKING_AFTER),
            ("reflectionInvitation", "invitation", SIGNED_IN),
        )
    ),
    (*node("membership"), SIGNED_IN),
    (*node("message"), LOOKING_AFTER),
    (*node("invitation"), SIGNED_IN),
    (*node("registration"), {"member", "steward", "operator"}),
    (*node("endpoint"), LOOKING_AFTER),
    (*node("delivery"), LOOKING_AFTER),
    (*node("api_key"), LOOKING_AFTER),
    (*node("entry_me"), {"member"}),
    (*node("event_draft"), LOOKING_AFTER),
    ("_service", "_service { sdl }", EVERYONE),
    (*entity("Hub", "hub"), SIGNED_IN),
    (*entity("Person", "member"), SIGNED_IN),
    (*entity("Organisation", "organisation"), SIGNED_IN),
    (*entity("Membership", "membership"), SIGNED_IN),
    (*entity("Event", "event_community"), SIGNED_IN),
    (*entity("Event", "event_group"), HUBS_OWN),
    (*entity("Event", "event_draft"), LOOKING_AFTER),
    (*entity("Registration", "registration"), HUBS_OWN),
    (*entity("Entry", "entry_hub"), HUBS_OWN),
    (*entity("Entry", "entry_me"), {"member"}),
    (*entity("Message", "message"), LOOKING_AFTER),
    (*entity("WebhookEndpoint", "endpoint"), LOOKING_AFTER),
    (*entity("WebhookDelivery", "delivery"), LOOKING_AFTER),
    (*entity("ApiKey", "api_key"), LOOKING_AFTER),
    *(row for rows in rows_of_features() for row in rows.READS),
]


def something(value: Any) -> bool:
    if isinstance(value, dict) and "edges" in value:
        return bool(value["edges"])
    if isinstance(value, dict):
        return any(something(each) for each in value.values())
    if isinstance(value, list):
        return any(item is not None for item in value)
    return value is not None and value is not False


@pytest.mark.parametrize(("field", "selection", "seen_by"), READS, ids=[selection[:50] for _, selection, _ in READS])
@cells("actor", ACTORS)
async def test_who_reads_what(world: World, actor: str, field: str, selection: str, seen_by: set[str]) -> None:
    ids = {
        **world.ids,
        "hub": world.community.hub,
        "group": world.community.group,
        "member": world.actors["member"].id,
    }
    text = selection
    for name, value in ids.items():
        text = text.replace(f"{{{name}}}", value)
    text = text.replace("{{", "{").replace("}}", "}")
    answer = await world.community.stack.ask(f"{{ {text} }}", key=world.actors[actor].credential)
    data = answer.get("data") or {}
    got = any(something(value) for value in data.values())
    assert got == (actor in seen_by), (actor, field, answer)


Input = Callable[[World, Actor], Awaitable[dict[str, Any]]]


def given(**fixed: Any) -> Input:
    async def make(world: World, actor: Actor) -> dict[str, Any]:
        values = {"HUB": world.community.hub, "GROUP": world.community.group, "SLUG": slug(), **world.ids}
        return {k: values.get(v, v) if isinstance(v, str) else v for k, v in fixed.items()}

    return make


async def own_registration(world: World, actor: Actor) -> dict[str, Any]:
    """The actor's own registration, or the member's if the actor cannot have one."""
    event = await world.fresh_event()
    try:
        made = await actor.do("registerForEvent", "registration { id }", event=event)
    except Refused:
        made = await world.actors["member"].do("registerForEvent", "registration { id }", event=event)
    return {"registration": made["registration"]["id"]}


def with_event(*, publish: bool = True, **more: Any) -> Input:
    async def make(world: World, actor: Actor) -> dict[str, Any]:
        return {"event": await world.fresh_event(publish=publish), **more}

    return make


async def begun_event(world: World, actor: Actor) -> dict[str, Any]:
    return {"event": await world.begun_event()}


async def a_draft(world: World, actor: Actor) -> dict[str, Any]:
    return an_event(world.community.hub)


async def members_entry(world: World, actor: Actor) -> dict[str, Any]:
    entry = {"kind": "STORY", "title": "Mine", "body": "Mine.", "audience": "COMMUNITY"}
    return {"entry": (await world.actors["member"].do("shareEntry", "entry { id }", **entry))["entry"]["id"]}


async def a_key(world: World, actor: Actor) -> dict[str, Any]:
    made = await world.community.hub_key.do(
        "createApiKey", "apiKey { id }", name="k", hub=world.community.hub, scopes=["DIRECTORY_READ"]
    )
    return {"apiKey": made["apiKey"]["id"]}


async def a_newcomer(world: World, actor: Actor) -> dict[str, Any]:
    return {"name": "New", "email": f"{slug()}@example.org", "hub": world.community.hub}


async def another(world: World, actor: Actor) -> dict[str, Any]:
    person = await world.community.hub_key.do("createPerson", "person { id }", **(await a_newcomer(world, actor)))
    return {"person": person["person"]["id"], "hub": world.community.hub}


async def the_member(world: World, actor: Actor) -> dict[str, Any]:
    return {"person": world.actors["member"].id, "headline": "Asks about doors"}


async def an_endpoint(world: World, actor: Actor) -> dict[str, Any]:
    """An endpoint of the hub for this mutation only."""
    about = {"hub": world.community.hub, "url": "http://127.0.0.1:9/"}
    made = await world.community.hub_key.do("createWebhookEndpoint", "endpoint { id }", **about)
    return {"endpoint": made["endpoint"]["id"]}


async def the_group_left(world: World, actor: Actor) -> dict[str, Any]:
    if actor.id.startswith("per_"):
        await actor.do("joinGroup", "membership { id }", group=world.community.group)
    return {"group": world.community.group}


def a_new(thing: str, **more: Any) -> Input:
    """A new hub below the world's hub, or a new group in it, to change or archive."""

    async def make(world: World, actor: Actor) -> dict[str, Any]:
        return {thing: await world.fresh(thing), **more}

    return make


async def the_members_part(world: World, actor: Actor) -> dict[str, Any]:
    about = {"group": world.community.group, "person": world.actors["member"].id}
    there = await world.actors["operator"].do("joinGroup", "membership { id }", **about)
    return {"membership": there["membership"]["id"], "roles": []}


async def own_membership(world: World, actor: Actor) -> dict[str, Any]:
    """A membership that the operator created for the actor, or for the member if the actor cannot have one."""
    operator = world.actors["operator"]
    person = actor if actor.id.startswith("per_") else world.actors["member"]
    hub = await operator.do("createHub", "hub { id }", slug=slug(), name="Asks", kind="REGIONAL")
    made = await operator.do("addHubMember", "membership { id }", hub=hub["hub"]["id"], person=person.id)
    return {"membership": made["membership"]["id"]}


def into_a_group(policy: str, *, convened: bool) -> Input:
    """Add another person to a new group of the hub; `convened`: the group already has a convener."""

    async def make(world: World, actor: Actor) -> dict[str, Any]:
        about = {"slug": slug(), "name": "G", "domain": "D", "hub": world.community.hub, "joinPolicy": policy}
        group = (await world.community.hub_key.do("createGroup", "group { id }", **about))["group"]["id"]
        if convened:
            founding = {"group": group, "person": world.convener.id, "roles": ["CONVENER"]}
            await world.community.hub_key.do("joinGroup", "membership { id }", **founding)
            await world.convener.do("joinGroup", "membership { id }", group=group)
        person = (await another(world, actor))["person"]
        return {"group": group, "person": person, "roles": ["MEDIATOR"]}

    return make


# (mutation, payload field, input, callers who may)
WRITES: list[tuple[str, str, Input, set[str]]] = [
    ("requestSignInCode", "__typename", given(email="nobody@example.org"), EVERYONE),
    ("createHub", "hub { id }", given(slug="SLUG", name="Root", kind="REGIONAL"), {"operator"}),
    ("createHub", "hub { id }", given(slug="SLUG", name="Child", kind="THEMATIC", parent="HUB"), LOOKING_AFTER),
    ("createGroup", "group { id }", given(slug="SLUG", name="G", domain="D", hub="HUB"), LOOKING_AFTER),
    ("updateHub", "hub { id }", a_new("hub", name="Renamed"), LOOKING_AFTER),
    ("archiveHub", "hub { id archivedAt }", a_new("hub"), LOOKING_AFTER),
    ("updateGroup", "group { id }", a_new("group", name="Renamed"), LOOKING_AFTER),
    ("archiveGroup", "group { id archivedAt }", a_new("group"), LOOKING_AFTER),
    ("updateMembership", "membership { id }", the_members_part, LOOKING_AFTER),
    ("joinGroup", "membership { id }", given(group="GROUP"), PEOPLE),
    ("joinGroup", "membership { id }", into_a_group("OPEN", convened=True), LOOKING_AFTER),
    ("joinGroup", "membership { id }", into_a_group("INVITATION", convened=False), LOOKING_AFTER),
    ("joinGroup", "membership { id }", into_a_group("INVITATION", convened=True), set()),
    ("joinGroup", "membership { id }", into_a_group("REQUEST", convened=True), set()),
    ("leaveGroup", "membership { id }", the_group_left, PEOPLE),
    ("addHubMember", "membership { id }", another, LOOKING_AFTER),
    ("leaveHub", "membership { id }", another, LOOKING_AFTER),
    ("acceptMembership", "membership { id acceptedAt }", own_membership, PEOPLE),
    ("createPerson", "person { id }", a_newcomer, LOOKING_AFTER),
    ("updatePerson", "person { id }", the_member, {"member", "operator"}),
    ("createApiKey", "apiKey { id }", given(name="k", hub="HUB", scopes=["DIRECTORY_READ"]), LOOKING_AFTER),
    ("createApiKey", "apiKey { id }", given(name="k", scopes=["DIRECTORY_READ"]), {"operator"}),
    ("rotateApiKey", "apiKey { id }", a_key, LOOKING_AFTER),
    ("revokeApiKey", "apiKey { id }", a_key, LOOKING_AFTER),
    ("createEvent", "event { id }", a_draft, LOOKING_AFTER),
    ("updateEvent", "event { id }", with_event(title="Changed"), LOOKING_AFTER),
    ("publishEvent", "event { id }", with_event(publish=False), LOOKING_AFTER),
    ("cancelEvent", "event { id }", with_event(reason="Rain"), LOOKING_AFTER),
    ("completeEvent", "event { id }", begun_event, LOOKING_AFTER),
    ("registerForEvent", "registration { id }", with_event(), PEOPLE),
    ("cancelRegistration", "registration { id }", own_registration, {"member", "steward", "operator"}),
    ("shareEntry", "entry { id }", given(kind="STORY", title="T", body="B", audience="COMMUNITY"), PEOPLE),
    ("reviseEntry", "entry { id }", members_entry, {"member"}),
    ("withdrawEntry", "entry { id }", members_entry, {"member"}),
    ("createWebhookEndpoint", "endpoint { id }", given(hub="HUB", url="http://127.0.0.1:9/"), LOOKING_AFTER),
    ("updateWebhookEndpoint", "endpoint { id }", given(endpoint="endpoint", description="x"), LOOKING_AFTER),
    ("deleteWebhookEndpoint", "endpoint { id }", an_endpoint, LOOKING_AFTER),
    ("rotateWebhookSecret", "endpoint { id }", given(endpoint="endpoint"), LOOKING_AFTER),
    ("pingWebhookEndpoint", "delivery { id }", given(endpoint="endpoint"), LOOKING_AFTER),
    ("replayDelivery", "delivery { id }", given(delivery="delivery"), LOOKING_AFTER),
    (
        "createOrganisation",
        "organisation { id }",
        given(name="SLUG", kind="RESEARCHER"),
        LOOKING_AFTER | {"other_hubs_key"},
    ),
    (
        "updateOrganisation",
        "organisation { id }",
        given(organisation="organisation", website="https://example.org/"),
        LOOKING_AFTER | {"other_hubs_key"},
    ),
    *(row for rows in rows_of_features() for row in rows.WRITES),
]
# Everybody may sign in: tests/e2e/test_credentials.py. Signing out has its own test below.
WRITE_ELSEWHERE = {"signIn", "refreshSession", "signOut"}


@pytest.mark.parametrize(("mutation", "fields", "make", "may"), WRITES, ids=[name for name, *_ in WRITES])
@cells("actor", ACTORS)
async def test_who_does_what(world: World, actor: str, mutation: str, fields: str, make: Input, may: set[str]) -> None:
    who = world.actors[actor]
    wanted = await make(world, who)
    refused = ""
    try:
        payload = await who.try_to(mutation, fields, wanted)
    except Refused as error:
        payload, refused = {"problems": [str(error)]}, str(error)
    assert not refused or "NOT_SIGNED_IN" in refused or "NOT_ALLOWED" in refused, refused
    done = not payload["problems"] and payload.get(fields.split()[0]) is not None
    assert done == (actor in may), (actor, mutation, payload)


def test_no_field_is_missing_from_the_tables() -> None:
    query, mutation = executable().query_type, executable().mutation_type
    assert isinstance(query, GraphQLObjectType)
    assert isinstance(mutation, GraphQLObjectType)
    assert set(query.fields) - {field for field, _, _ in READS} == set()
    assert set(mutation.fields) - {name for name, _, _, _ in WRITES} - WRITE_ELSEWHERE == set()


# Only parts of Mycelium may call these: see test_authorisation_rest.py.
FOR_OURSELVES = {("membership", "POST", "/contacts")}
# No field of the graph uses these, so every caller calls the service itself. (service, path, callers who get something)
BESIDE = [
    ("events", "/events/{event_draft}", LOOKING_AFTER),
    ("events", "/events/{event_community}", SIGNED_IN),
    ("learning", "/entries/{entry_me}", {"member"}),
    ("learning", "/entries/{entry_hub}", HUBS_OWN),
]
BESIDE_THE_GRAPH = {
    ("events", "GET", "/events/{event_id}"),
    ("learning", "GET", "/entries/{entry_id}"),
}


@pytest.mark.parametrize(("service", "path", "seen_by"), BESIDE)
@cells("actor", ["member", "other_hubs_key", "steward", "operator"])
async def test_who_reads_what_beside_the_graph(
    world: World, stack: Stack, actor: str, service: str, path: str, seen_by: set[str]
) -> None:
    membership = stack.app("membership").state.service
    credential = world.actors[actor].credential or ""
    known = await introspect(membership.database, membership.extra["signer"], credential, now=clock.now())
    token = InternalTokens(membership.secret, "gateway").issue(known.principal, service)
    url = stack.url(service) + path.format(**world.ids)
    async with stack.http.get(url, headers={"authorization": f"Bearer {token}"}) as answer:
        assert answer.status in ({200} if actor in seen_by else {403, 404})


@pytest.mark.parametrize("actor", ACTORS)
async def test_only_people_sign_out(world: World, actor: str) -> None:
    who = await world.community.a_person() if actor in PEOPLE else world.actors[actor]
    answer = await world.community.stack.ask("mutation { signOut { problems { code } } }", key=who.credential)
    done = not answer.get("errors") and not answer["data"]["signOut"]["problems"]
    assert done == (actor in PEOPLE), answer


def asked(app: FastAPI) -> set[tuple[str, str]]:
    """The (method, path) pairs that an application has answered since its start, from its own metrics."""
    samples = [sample for metric in app.state.service.metrics.requests.collect() for sample in metric.samples]
    return {(sample.labels["method"], sample.labels["route"]) for sample in samples}


async def test_every_route_of_every_service_stands_behind_a_field_of_the_tables(world: World, stack: Stack) -> None:
    """So the tables cover the REST routes too: each was called for all kinds of callers, through its field."""
    unasked = {
        (service, method, path)
        for service in SERVICES
        for app in [stack.app(service)]
        for method, path in set(doors(app)) - asked(app)
    }
    left = sorted(unasked - OPEN - FOR_OURSELVES - BESIDE_THE_GRAPH)
    assert not left, "\n".join(map(str, left))
