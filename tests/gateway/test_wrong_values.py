"""Every argument of every mutation and query, given wrong: a plain sentence, and a path that the caller wrote."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from shared.ids import new_id
from tests.gateway.community import Community, an_event_input
from tests.gateway.wrong_values import CONTROL, NO_IDS, PAGE, SCHEMA, is_written_in_the_schema, wrong_values

# What pydantic says by itself, and the names things have inside.
STOCK = re.compile(
    r"value error|input should|should (be|have|match)|valid (string|integer|number|list|dictionary|email)"
    r"|after validation|field required|extra inputs|assertion failed|unable to",
    re.IGNORECASE,
)
INSIDE = re.compile(r"[a-z0-9]_[a-z0-9]")
ID = re.compile(r"\b[a-z]{3}_[0-9a-z]{26}\b")
_numbers = count(1)


@dataclass(frozen=True)
class Ground:
    """What the mutations are tried on: for each, with whose credential and with which input it would work."""

    community: Community
    inputs: dict[str, tuple[str | None, Callable[[], dict[str, Any]]]]
    things: dict[str, tuple[str, str]]


def fresh() -> str:
    return f"fresh-{next(_numbers)}"


@pytest.fixture(scope="module")
async def ground(community: Community) -> Ground:
    operator, hubs, key = community.operator, community.hubs, community.keys["north"]
    ada, bob = community.people["ada"], community.people["bob"]
    north = hubs["north"]
    event = await community.an_event(operator)
    draft = await community.an_event(operator, published=False)
    registered = await community.do("registerForEvent", "registration { id }", {"event": event}, ada.token)
    entry = {"kind": "STORY", "title": "A story", "body": "Of wrong values", "audience": "COMMUNITY"}
    shared = (await community.do("shareEntry", "entry { id }", entry, ada.token))["entry"]["id"]
    hook = {"hub": north, "url": "http://127.0.0.1:9/hook"}
    endpoint = (await community.do("createWebhookEndpoint", "endpoint { id }", hook, key))["endpoint"]["id"]
    api_key, _ = await community.a_key("north")
    inputs: dict[str, tuple[str | None, Callable[[], dict[str, Any]]]] = {
        "createHub": (operator, lambda: {"slug": fresh(), "name": "N", "kind": "REGIONAL", "parent": north}),
        "createGroup": (operator, lambda: {"slug": fresh(), "name": "N", "domain": "D", "hub": north}),
        "joinGroup": (operator, lambda: {"group": community.trust, "person": bob.id}),
        "leaveGroup": (operator, lambda: {"group": community.trust, "person": bob.id}),
        "addHubMember": (operator, lambda: {"hub": north, "person": bob.id}),
        "leaveHub": (operator, lambda: {"hub": north, "person": bob.id}),
        "acceptMembership": (ada.token, lambda: {"membership": new_id("mem")}),
        "updateHub": (operator, lambda: {"hub": north}),
        "archiveHub": (operator, lambda: {"hub": north}),
        "restoreHub": (operator, lambda: {"hub": north}),
        "updateGroup": (operator, lambda: {"group": community.trust}),
        "archiveGroup": (operator, lambda: {"group": new_id("grp")}),
        "restoreGroup": (operator, lambda: {"group": new_id("grp")}),
        "updateMembership": (operator, lambda: {"membership": new_id("mem")}),
        "updateOrganisation": (operator, lambda: {"organisation": new_id("org")}),
        "createPerson": (operator, lambda: {"name": "N", "email": f"{fresh()}@example.org"}),
        "updatePerson": (bob.token, lambda: {"person": bob.id}),
        "createOrganisation": (operator, lambda: {"name": fresh(), "kind": "RESEARCHER"}),
        "requestSignInCode": (None, lambda: {"email": f"{fresh()}@example.org"}),
        "signIn": (None, lambda: {"email": f"{fresh()}@example.org", "code": "ABCDEFGH"}),
        "refreshSession": (None, lambda: {"refreshToken": "x"}),
        "createApiKey": (operator, lambda: {"name": "N", "hub": north, "scopes": ["DIRECTORY_READ"]}),
        "rotateApiKey": (operator, lambda: {"apiKey": api_key}),
        "revokeApiKey": (operator, lambda: {"apiKey": api_key}),
        "createEvent": (operator, lambda: an_event_input(north)),
        "updateEvent": (operator, lambda: {"event": draft}),
        "publishEvent": (operator, lambda: {"event": draft}),
        "cancelEvent": (operator, lambda: {"event": draft}),
        "completeEvent": (operator, lambda: {"event": event}),
        "registerForEvent": (operator, lambda: {"event": event, "person": bob.id}),
        "cancelRegistration": (ada.token, lambda: {"registration": registered["registration"]["id"]}),
        "shareEntry": (ada.token, lambda: entry),
        "reviseEntry": (ada.token, lambda: {"entry": shared}),
        "withdrawEntry": (ada.token, lambda: {"entry": shared}),
        "createWebhookEndpoint": (key, lambda: hook),
        "updateWebhookEndpoint": (key, lambda: {"endpoint": endpoint}),
        "rotateWebhookSecret": (key, lambda: {"endpoint": endpoint}),
        "pingWebhookEndpoint": (key, lambda: {"endpoint": endpoint}),
        "deleteWebhookEndpoint": (key, lambda: {"endpoint": endpoint}),
        "replayDelivery": (key, lambda: {"delivery": new_id("dlv")}),
        "createSupportRequest": (ada.token, lambda: {"kind": "ADVICE", "details": "D", "hub": north}),
        "answerSupportRequest": (
            operator,
            lambda: {"supportRequest": new_id("sup"), "accepted": True, "answer": "A"},
        ),
    }
    things = {
        "Hub": (operator, north),
        "Group": (operator, community.trust),
        "Person": (operator, ada.id),
        "Event": (operator, event),
        "Entry": (ada.token, shared),
        "WebhookEndpoint": (operator, endpoint),
    }
    return Ground(community, inputs, things)


def check(problem: dict[str, Any], arguments: dict[str, Any], about: object) -> None:
    """A problem says in plain words what is wrong, and where, by names that stand in the schema."""
    assert is_written_in_the_schema(problem["path"], arguments), (about, problem)
    assert not STOCK.search(problem["message"]), (about, problem)
    assert not INSIDE.search(ID.sub("", problem["message"])), (about, problem)
    assert problem["message"].endswith((".", "!", "?")), (about, problem)


def fields_of(type_: GraphQLObjectType | None) -> dict[str, Any]:
    assert type_ is not None
    return {name: field for name, field in type_.fields.items() if field.args}


MUTATIONS = fields_of(SCHEMA.mutation_type)


@pytest.mark.parametrize("name", MUTATIONS)
async def test_a_mutation_says_what_is_wrong_with_its_input(ground: Ground, name: str) -> None:
    arguments = MUTATIONS[name].args
    input_type: Any = get_named_type(arguments["input"].type)
    key, make = ground.inputs[name]
    query = (
        f"mutation($input: {input_type.name}!) {{ it: {name}(input: $input) {{ problems {{ code message path }} }} }}"
    )
    for field, argument in input_type.fields.items():
        for wrong in wrong_values(argument.type):
            about = (name, field, str(wrong)[:60])
            answer = await ground.community.ask(query, {"input": {**make(), field: wrong}}, key=key)
            errors = answer.get("errors", [])
            assert all(each["extensions"]["code"] in {"NOT_SIGNED_IN", "NOT_ALLOWED"} for each in errors), (
                about,
                errors,
            )
            problems = [] if errors else answer["data"]["it"]["problems"]
            for problem in problems:
                check(problem, arguments, about)
            is_id = get_named_type(argument.type).name == "ID"
            if (is_id and wrong in NO_IDS) or wrong == CONTROL:
                told = [each["path"] for each in problems]
                assert errors or told == [["input", field]], (about, answer)


async def faults_of(ground: Ground, query: str, value: Any, key: str | None, arguments: dict[str, Any]) -> list[Any]:
    """The paths of the faults a query is told of, each of them checked."""
    answer = await ground.community.ask(query, {"it": value}, key=key)
    paths: list[Any] = []
    for error in answer.get("errors", []):
        assert error["extensions"]["code"] == "BAD_REQUEST", (query, value, error)
        for problem in error["extensions"]["problems"]:
            check(problem, arguments, (query, value))
            paths.append(problem["path"])
    return paths


@pytest.mark.parametrize(
    "type_name", ["Query", "Viewer", "Hub", "Group", "Person", "Event", "Entry", "WebhookEndpoint"]
)
async def test_a_list_says_what_is_wrong_with_its_arguments(ground: Ground, type_name: str) -> None:
    type_: Any = SCHEMA.type_map[type_name]
    key, thing = ground.things.get(type_name, (ground.community.people["ada"].token, ""))
    if type_name == "Query":
        key = ground.community.operator
    for name, field in fields_of(type_).items():
        for argument_name, argument in field.args.items():
            shown = "" if is_leaf_type(get_named_type(field.type)) else "{ __typename }"
            asked = f"{name}({argument_name}: $it) {shown}"
            if type_name == "Viewer":
                asked = f"viewer {{ {asked} }}"
            elif type_name != "Query":
                asked = f'node(id: "{thing}") {{ ... on {type_name} {{ {asked} }} }}'
            query = f"query($it: {argument.type}) {{ {asked} }}"
            for wrong in PAGE.get(argument_name) or wrong_values(argument.type):
                paths = await faults_of(ground, query, wrong, key, field.args)
                if argument_name in PAGE:
                    assert paths == [[argument_name]], (query, wrong)


@pytest.mark.parametrize(
    "field", ["hubs.parent", "groups.hub", "people.group", "apiKeys.hub", "webhookDeliveries.endpoint"]
)
async def test_a_filter_that_takes_an_id_refuses_what_is_none(ground: Ground, field: str) -> None:
    name, argument = field.split(".")
    arguments = fields_of(SCHEMA.query_type)[name].args
    query = f"query($it: ID) {{ {name}(filter: {{{argument}: $it}}) {{ __typename }} }}"
    for wrong in (*NO_IDS, new_id("evt")):
        assert await faults_of(ground, query, wrong, ground.community.operator, arguments) == [["filter", argument]], (
            wrong
        )
    assert await faults_of(ground, query, None, ground.community.operator, arguments) == []


async def test_a_fault_in_a_filter_is_named_where_it_was_written(ground: Ground) -> None:
    arguments = fields_of(SCHEMA.query_type)["events"].args
    query = "query($it: EventFilter) { events(filter: $it) { __typename } }"
    for wrong, path in (
        ({"hub": "nonsense"}, ["filter", "hub"]),
        ({"from": "9999-12-31T23:59:59Z"}, ["filter", "from"]),
        ({"from": "2030-01-01T00:00:00Z", "to": "2029-01-01T00:00:00Z"}, ["filter", "to"]),
    ):
        assert await faults_of(ground, query, wrong, ground.community.operator, arguments) == [path]
    query = "query($it: Int) { messages(filter: {afterSequence: $it}) { __typename } }"
    arguments = fields_of(SCHEMA.query_type)["messages"].args
    assert await faults_of(ground, query, -1, ground.community.operator, arguments) == [["filter", "afterSequence"]]


async def test_a_sentence_that_quotes_a_field_quotes_it_as_the_graph_calls_it(ground: Ground) -> None:
    community = ground.community
    event = {"event": await community.an_event(community.operator)}
    refused = await community.try_to("registerForEvent", "registration { id }", event, community.operator)
    assert [(each["path"], each["message"]) for each in refused["problems"]] == [
        (["input", "person"], "Name the person who comes: give `person`.")
    ]
    wanted = an_event_input(community.hubs["north"], visibility="GROUP")
    refused = await community.try_to("createEvent", "event { id }", wanted, community.operator)
    assert "give `group` too" in refused["problems"][0]["message"]


async def test_of_two_things_that_may_not_be_there_the_one_that_is_not_is_named(ground: Ground) -> None:
    community = ground.community
    bob, hub = community.people["bob"].id, community.hubs["north"]
    for name, known in (("leaveGroup", {"group": community.trust}), ("leaveHub", {"hub": hub})):
        (where,) = known
        unknown = {where: new_id("grp" if where == "group" else "hub")}
        for wrong, path in (({**unknown, "person": bob}, where), ({**known, "person": new_id("per")}, "person")):
            refused = await community.try_to(name, "membership { id }", wrong, community.operator)
            assert [each["path"] for each in refused["problems"]] == [["input", path]], (name, wrong)
        refused = await community.try_to(name, "membership { id }", known, community.operator)
        assert [(each["code"], each["path"]) for each in refused["problems"]] == [
            ("person_needed", ["input", "person"])
        ]
