"""The graph as a subgraph: what it shows of itself, and things read by their types and ids."""

import json
import time
from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLUnionType, ObjectTypeDefinitionNode, parse

from gateway.errors import AsksTooMuch
from gateway.estimate import check_cost
from gateway.graph.federation import MOST_REPRESENTATIONS, SUBGRAPH
from gateway.graph.kinds import kinds_by_type
from gateway.graph.schema import executable
from gateway.services import Service
from shared.ids import new_id
from tests.gateway.community import Community
from tests.gateway.test_over_http import post

NAMES = """query($r: [_Any!]!) { _entities(representations: $r) {
    __typename ... on Hub { name } ... on Group { name hub { name } } ... on Event { title } ... on Person { name }
} }"""
ORGANISATIONS = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Organisation { id name } } }"


def of(type_: str, identifier: Any) -> dict[str, Any]:
    """A representation."""
    return {"__typename": type_, "id": identifier}


async def entities(community: Community, *representations: Any, key: str | None = None) -> tuple[list[Any], list[Any]]:
    """What `_entities` answers for these: the things, and the code and path of each problem."""
    answer = await community.ask(NAMES, {"r": representations}, key=key or community.operator)
    errors = answer.get("errors", [])
    problems = [(each["path"], each["extensions"]["problems"][0]) for each in errors]
    return answer["data"]["_entities"], [(path, told["code"], told["path"]) for path, told in problems]


def test_every_object_type_that_is_a_node_is_an_entity_and_nothing_else_is() -> None:
    schema = executable()
    union, node = schema.type_map["_Entity"], schema.type_map["Node"]
    assert isinstance(union, GraphQLUnionType)
    assert isinstance(node, GraphQLInterfaceType)
    nodes = {type_.name for type_ in schema.get_implementations(node).objects}
    assert {type_.name for type_ in union.types} == nodes
    assert all(kinds_by_type()[name].prefix for name in nodes)
    text = SUBGRAPH.read_text()
    keyed = {line.split()[1] for line in text.splitlines() if line.endswith('@key(fields: "id") {')}
    assert keyed == nodes
    assert "type PageInfo @shareable {" in text


def test_what_would_clash_and_what_composers_add_themselves_is_not_in_the_subgraphs_schema() -> None:
    defined = {each.name.value: each for each in parse(SUBGRAPH.read_text()).definitions if hasattr(each, "name")}
    assert not {"_Any", "_Entity", "_Service"} & set(defined)
    query, root = defined["Query"], executable().query_type
    assert isinstance(query, ObjectTypeDefinitionNode)
    assert isinstance(root, GraphQLObjectType)
    names = {field.name.value for field in query.fields or ()}
    assert set(root.fields) - names == {"node", "nodes", "_service", "_entities"}


async def test_anybody_may_have_the_subgraphs_schema(community: Community) -> None:
    answer = await community.data("{ _service { sdl } }")
    assert answer["_service"]["sdl"] == SUBGRAPH.read_text()


async def test_entities_come_in_the_order_asked_for_with_what_they_lead_to(community: Community) -> None:
    ada, north = community.people["ada"].id, community.hubs["north"]
    found, problems = await entities(
        community, of("Person", ada), of("Group", community.trust), of("Hub", north), of("Person", ada)
    )
    assert problems == []
    assert found == [
        {"__typename": "Person", "name": "Ada"},
        {"__typename": "Group", "name": "Trust", "hub": {"name": "North"}},
        {"__typename": "Hub", "name": "North"},
        {"__typename": "Person", "name": "Ada"},
    ]


async def test_representations_may_stand_in_the_query_itself(community: Community) -> None:
    query = """query($id: ID!) { _entities(representations: [{__typename: "Hub", id: $id, extra: [1, {a: null}]}]) {
        ... on Hub { name }
    } }"""
    answer = await community.data(query, {"id": community.hubs["north"]}, key=community.operator)
    assert answer == {"_entities": [{"name": "North"}]}


async def test_what_the_caller_may_not_see_is_null_as_is_what_is_not_there(community: Community) -> None:
    draft = await community.an_event(community.operator, published=False)
    asked = (of("Event", draft), of("Hub", community.hubs["north"]), of("Event", new_id("evt")))
    hub = {"__typename": "Hub", "name": "North"}
    seen = {"__typename": "Event", "title": "A regional conversation"}
    assert await entities(community, *asked) == ([seen, hub, None], [])
    assert await entities(community, *asked, key=community.people["bob"].token) == ([None, hub, None], [])
    answer = await community.ask(NAMES, {"r": asked})
    assert answer["data"] == {"_entities": [None, None, None]}


@pytest.mark.parametrize(
    ("wrong", "code", "where"),
    [
        (of("Nothing", "hub_1"), "unknown_entity", ["__typename"]),
        (of("Node", "hub_1"), "unknown_entity", ["__typename"]),
        (of("Query", "hub_1"), "unknown_entity", ["__typename"]),
        (of("PageInfo", "hub_1"), "unknown_entity", ["__typename"]),
        (of("__Schema", "hub_1"), "unknown_entity", ["__typename"]),
        ({"id": new_id("hub")}, "unknown_entity", ["__typename"]),
        ({"__typename": {"$gt": ""}, "id": new_id("hub")}, "unknown_entity", ["__typename"]),
        ({"__typename": ["Hub"], "id": new_id("hub")}, "unknown_entity", ["__typename"]),
        ({"__typename": "Hub"}, "entity_without_id", ["id"]),
        (of("Hub", None), "entity_without_id", ["id"]),
        (of("Hub", 7), "entity_without_id", ["id"]),
        (of("Hub", {"$ne": None}), "entity_without_id", ["id"]),
        (of("Hub", [[[[[[[[]]]]]]]]), "entity_without_id", ["id"]),
        (of("Hub", ""), "bad_id", ["id"]),
        (of("Hub", "hub_1"), "bad_id", ["id"]),
        (of("Hub", new_id("per")), "bad_id", ["id"]),
        (of("Hub", "hub_" + "0" * 100_000), "bad_id", ["id"]),
        ("hub", "unknown_entity", []),
        (5, "unknown_entity", []),
        ([], "unknown_entity", []),
        (True, "unknown_entity", []),
    ],
)
async def test_a_wrong_representation_is_told_and_spoils_no_other(
    community: Community, wrong: Any, code: str, where: list[str]
) -> None:
    right = of("Hub", community.hubs["north"])
    found, problems = await entities(community, right, wrong, right)
    hub = {"__typename": "Hub", "name": "North"}
    assert found == [hub, None, hub]
    assert problems == [(["_entities", 1], code, ["representations", 1, *where])]


async def test_no_representations_give_no_entities(community: Community) -> None:
    assert await entities(community) == ([], [])


async def test_so_many_entities_at_once_at_most(community: Community) -> None:
    hub = of("Hub", community.hubs["north"])
    found, problems = await entities(community, *[hub] * MOST_REPRESENTATIONS)
    assert (len(found), problems) == (MOST_REPRESENTATIONS, [])
    answer = await community.ask(NAMES, {"r": [hub] * (MOST_REPRESENTATIONS + 1)}, key=community.operator)
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["problems"][0] == {
        "code": "too_many_representations",
        "message": "Ask for at most 100 entities at once.",
        "path": ["representations"],
    }


@pytest.mark.parametrize(
    "representations",
    [
        [{"__typename": "Hub", "id": "hub_1"}] * 300_000,
        [{}] * 300_000,
        ["x"] * 300_000,
        [{"__typename": "Hub", "id": "hub_1", "junk": [[[[{"a": [{}] * 2_000}]]]]}],
        [{f"f{number}": number for number in range(50_000)}],
    ],
    ids=["entities", "objects", "texts", "nested", "wide"],
)
async def test_a_flood_of_representations_is_refused_quickly(community: Community, representations: list[Any]) -> None:
    body = json.dumps({"query": NAMES, "variables": {"r": representations}}).encode()
    began = time.perf_counter()
    status, _, answer = await post(community, body)
    assert time.perf_counter() - began < 1
    assert status in {400, 413}, answer


@pytest.mark.parametrize("depth", [20, 150, 900])
async def test_what_is_nested_in_the_query_itself_harms_nothing(community: Community, depth: int) -> None:
    junk = "[" * depth + "]" * depth
    hub = f'{{__typename: "Hub", id: "{community.hubs["north"]}", junk: {junk}}}'
    query = f"{{ _entities(representations: [{hub}]) {{ ... on Hub {{ name }} }} }}"
    answer = await community.ask(query, key=community.operator)
    if "errors" in answer:
        assert [each["extensions"]["code"] for each in answer["errors"]] == ["BAD_REQUEST"]
    else:
        assert answer["data"] == {"_entities": [{"name": "North"}]}


async def test_a_hundred_entities_are_one_call(community: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    for batch in range(4):
        inputs = [f'{{name: "Org {batch}-{number}", kind: RESEARCHER}}' for number in range(25)]
        mutations = [
            f"a{number}: createOrganisation(input: {each}) {{ organisation {{ id }} }}"
            for number, each in enumerate(inputs)
        ]
        answer = await community.data(f"mutation {{ {' '.join(mutations)} }}", key=community.operator)
        made += [each["organisation"]["id"] for each in answer.values()]
    asked: list[str] = []
    by_ids = Service.by_ids

    async def counted(self: Service, caller: Any, collection: str, ids: list[str]) -> Any:
        asked.append(f"{collection} {len(ids)}")
        return await by_ids(self, caller, collection, ids)

    monkeypatch.setattr(Service, "by_ids", counted)
    variables = {"r": [of("Organisation", each) for each in made]}
    answer = await community.data(ORGANISATIONS, variables, key=community.operator)
    assert [each["id"] for each in answer["_entities"]] == made
    assert asked == ["organisations 100"]


def test_entities_count_as_many_as_are_named() -> None:
    lists = " ".join(
        f"{name}(first: 1) {{ edges {{ cursor }} }}" for name in ("groups", "events", "members", "children")
    )
    text = f"query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on Hub {{ {lists} }} }} }}"
    check_cost(executable(), parse(text), None, {"r": [of("Hub", "hub_1")] * 10})
    with pytest.raises(AsksTooMuch):
        check_cost(executable(), parse(text), None, {"r": [of("Hub", "hub_1")] * 100})


async def test_the_subgraphs_schema_is_asked_for_once(community: Community) -> None:
    answer = await community.ask("{ _service { sdl } again: _service { sdl } }")
    assert "more often than 1 times" in answer["errors"][0]["message"]
