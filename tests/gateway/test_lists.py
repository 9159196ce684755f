"""Every list of a kind takes the same filters, pages both ways and counts itself; things are looked up alike."""

from datetime import timedelta
from typing import Any

import pytest
from graphql import GraphQLField, GraphQLObjectType, get_named_type, get_nullable_type

from gateway.graph.edges import all_edges
from gateway.graph.filters import filters_of
from gateway.graph.kinds import kinds_by_prefix, kinds_by_type
from gateway.graph.listing import Listing, Lookup
from gateway.graph.schema import QUERIES, executable
from gateway.services import Service
from shared import clock
from shared.clock import iso
from shared.ids import new_id
from tests.gateway.community import Community
from tests.support.waiting import eventually

SCHEMA = executable()
PAGE = "edges { node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount"
LISTS = [query for query in QUERIES if isinstance(query, Listing) and query.kind.prefix is not None]
EDGES = [edge for edge in all_edges() if edge.is_page]


@pytest.fixture(scope="module")
async def event(community: Community) -> str:
    """An event of North."""
    return await community.an_event(community.operator)


def field_of(type_name: str, name: str) -> GraphQLField:
    type_ = SCHEMA.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    fields: dict[str, GraphQLField] = type_.fields
    return fields[name]


def ids(page: dict[str, Any]) -> list[str]:
    return [edge["node"]["id"] for edge in page["edges"]]


async def some_events(community: Community, themes: list[str], number: int) -> list[str]:
    """Events of North with these themes, an hour apart; their ids in that order."""
    start = clock.now() + timedelta(days=700)
    made: list[str] = []
    for hour in range(number):
        times: dict[str, Any] = {
            "startsAt": iso(start + timedelta(hours=hour)),
            "endsAt": iso(start + timedelta(hours=hour + 1)),
        }
        made.append(await community.an_event(community.operator, themes=themes, **times))
    return made


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: f"{edge.type}.{edge.field}")
def test_a_list_below_a_thing_takes_what_the_query_for_the_list_takes(edge: Any) -> None:
    arguments = field_of(edge.type, edge.field).args
    assert {"first", "after", "last", "before"} <= set(arguments)
    for query in LISTS:
        if query.kind.type == edge.target:
            of_query = {name: str(each.type) for name, each in field_of("Query", query.name).args.items()}
            assert {name: str(each.type) for name, each in arguments.items()} == of_query


def test_all_lists_of_a_kind_take_the_same_arguments_also_without_a_query() -> None:
    for kind in {edge.target for edge in EDGES if edge.path is None}:
        edges = [edge for edge in EDGES if edge.target == kind and edge.path is None]
        taken = [
            {name: str(each.type) for name, each in field_of(edge.type, edge.field).args.items()} for edge in edges
        ]
        assert taken == taken[:1] * len(taken), kind
        assert "filter" in taken[0], kind


def test_no_order_counts_or_ranks() -> None:
    """By name and by time alone: a list never puts people, groups or organisations above others."""
    known = {"NAME", "NEWEST", "OLDEST", "STARTS_FIRST", "STARTS_LAST", "REGISTERED_FIRST", "REGISTERED_LAST"}
    orders = {each.value for kind in kinds_by_type().values() for each in filters_of(kind).order or ()}
    assert {order.upper() for order in orders} <= known


async def test_a_list_comes_in_the_order_that_is_asked_for(community: Community) -> None:
    made = await some_events(community, ["PLACES_AS_SYSTEMS"], 3)
    query = f"""query($order: EventOrder, $after: String) {{
        root: events(filter: {{themes: [PLACES_AS_SYSTEMS]}}, orderBy: $order, after: $after) {{ {PAGE} }}
        hub(slug: "north") {{
            events(filter: {{themes: [PLACES_AS_SYSTEMS]}}, orderBy: $order) {{ {PAGE} }}
        }}
    }}"""
    for order, expected in ((None, made), ("STARTS_FIRST", made), ("STARTS_LAST", made[::-1]), ("NEWEST", made[::-1])):
        data = await community.data(query, {"order": order}, key=community.operator)
        assert (ids(data["root"]), ids(data["hub"]["events"])) == (expected, expected)
    wanted = {"order": "OLDEST", "after": data["root"]["pageInfo"]["endCursor"]}
    answer = await community.ask(query, wanted, key=community.operator)
    (problem,) = answer["errors"][0]["extensions"]["problems"]
    assert (problem["code"], problem["path"]) == ("bad_cursor", ["after"])


async def test_ones_registrations_come_newest_first_unless_another_order_is_asked_for(community: Community) -> None:
    ada = community.people["ada"]
    made = []
    for event in await some_events(community, ["TRUST"], 2):
        answer = await community.do("registerForEvent", "registration { id }", {"event": event}, ada.token)
        made.append(answer["registration"]["id"])
    query = f"""query($order: RegistrationOrder) {{
        viewer {{ registrations(first: 100, filter: {{statuses: [CONFIRMED]}}, orderBy: $order) {{ {PAGE} }} }}
    }}"""
    for order, expected in ((None, made[::-1]), ("REGISTERED_FIRST", made), ("REGISTERED_LAST", made[::-1])):
        data = await community.data(query, {"order": order}, key=ada.token)
        assert [one for one in ids(data["viewer"]["registrations"]) if one in made] == expected


@pytest.mark.parametrize("query", LISTS, ids=lambda query: query.name)
def test_the_filters_of_a_kind_are_one_input_named_after_it(query: Listing) -> None:
    arguments = field_of("Query", query.name).args
    others = set(arguments) - {"first", "after", "last", "before", "orderBy"}
    assert others == ({"filter"} if query.filters.each else set())
    if query.filters.each:
        assert str(arguments["filter"].type) == f"{query.kind.type}Filter"


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: f"{edge.type}.{edge.field}")
async def test_a_filter_that_the_thing_above_fixes_is_refused(community: Community, event: str, edge: Any) -> None:
    filters = filters_of(kinds_by_type()[edge.target]) if edge.path is None else None
    fixed = (
        next((each.name for each in filters.each if (each.param or each.name) == edge.by), None) if filters else None
    )
    above = {"Hub": community.hubs["north"], "Group": community.trust, "Event": event}
    if fixed is None or edge.type not in above:
        return
    query = f"""query($id: ID!, $filter: {edge.target}Filter) {{ node(id: $id) {{
        ... on {edge.type} {{ {edge.field}(filter: $filter) {{ edges {{ cursor }} }} }}
    }} }}"""
    prefix = next(kind.prefix for kind in kinds_by_prefix().values() if kind.type == edge.type)
    for value in (new_id(prefix or ""), above[edge.type]):
        answer = await community.ask(query, {"id": above[edge.type], "filter": {fixed: value}}, key=community.operator)
        (problem,) = answer["errors"][0]["extensions"]["problems"]
        assert (problem["code"], problem["path"]) == ("filter_fixed", ["filter", fixed])
        assert f"`{fixed}`" in problem["message"]
        listed = [each.name for each in LISTS if each.kind.type == edge.target]
        assert all(f"use the root query `{name}`" in problem["message"] for name in listed)


async def test_a_list_is_read_from_its_end_backwards(community: Community) -> None:
    made = await some_events(community, ["CO_PRODUCTION"], 5)
    query = f"""query($last: Int, $before: String, $from: DateTime) {{
        events(filter: {{from: $from, themes: [CO_PRODUCTION]}}, last: $last, before: $before) {{ {PAGE} }}
    }}"""
    start = iso(clock.now() + timedelta(days=699))
    found: list[str] = []
    before, sides = None, []
    for _ in range(3):
        wanted = {"last": 2, "before": before, "from": start}
        page = (await community.data(query, wanted, key=community.operator))["events"]
        found = [*ids(page), *found]
        before = page["pageInfo"]["startCursor"]
        sides.append((page["pageInfo"]["hasPreviousPage"], page["pageInfo"]["hasNextPage"]))
        assert page["totalCount"] == 5
    assert found == made
    assert sides == [(True, False), (True, True), (False, True)]


async def test_what_comes_before_a_cursor_can_be_read_from_the_start(community: Community) -> None:
    made = await some_events(community, ["LEADERSHIP_AND_CULTURE_CHANGE"], 3)
    query = f"""query($before: String) {{
        events(filter: {{themes: [LEADERSHIP_AND_CULTURE_CHANGE]}}, first: 2, before: $before) {{ {PAGE} }}
    }}"""
    page = (await community.data(query, {}, key=community.operator))["events"]
    assert ids(page) == made[:2]
    wanted = {"before": page["pageInfo"]["endCursor"]}
    page = (await community.data(query, wanted, key=community.operator))["events"]
    assert ids(page) == made[:1]


async def test_first_and_last_together_are_refused(community: Community) -> None:
    answer = await community.ask("{ events(first: 2, last: 2) { edges { cursor } } }", key=community.operator)
    (problem,) = answer["errors"][0]["extensions"]["problems"]
    assert (problem["code"], problem["path"]) == ("bad_page_size", ["last"])


@pytest.mark.parametrize("query", LISTS, ids=lambda query: query.name)
async def test_every_list_pages_backwards_and_counts(community: Community, event: str, query: Listing) -> None:
    text = f"""query($last: Int, $first: Int) {{
        whole: {query.name}(first: 100) {{ {PAGE} }}
        end: {query.name}(last: $last) {{ {PAGE} }}
        start: {query.name}(first: $first) {{ {PAGE} }}
    }}"""

    async def read() -> dict[str, Any] | None:
        data = await community.data(text, {"last": 1, "first": 1}, key=community.operator)
        counts = {data[name]["totalCount"] for name in ("whole", "end", "start")}
        if data["whole"]["pageInfo"]["hasNextPage"]:  # long texts end a page early
            return data if len(counts) == 1 else None
        return data if counts == {len(data["whole"]["edges"])} else None  # the log grows meanwhile

    data = await eventually(read)
    whole = ids(data["whole"])
    if data["whole"]["pageInfo"]["hasNextPage"]:
        assert ids(data["start"]) == whole[:1]
        return
    assert (ids(data["end"]), ids(data["start"])) == (whole[-1:], whole[:1])
    assert data["end"]["pageInfo"]["hasPreviousPage"] is (len(whole) > 1)
    assert data["start"]["pageInfo"]["hasNextPage"] is (len(whole) > 1)


async def test_a_list_is_counted_only_when_its_length_is_asked_for(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = """query($no: Boolean!) { events(first: 1) { edges { cursor } ...Length totalCount @skip(if: true) } }
    fragment Length on EventConnection { ... @include(if: $no) { totalCount } }"""
    asked: list[list[tuple[str, str]]] = []
    get = Service.get

    async def listening(service: Service, caller: Any, path: str, params: Any = ()) -> Any:
        asked.append(list(params))
        return await get(service, caller, path, params)

    monkeypatch.setattr(Service, "get", listening)
    assert "totalCount" not in (await community.data(query, {"no": False}, key=community.operator))["events"]
    assert "totalCount" in (await community.data(query, {"no": True}, key=community.operator))["events"]
    assert asked == [[("first", "1")], [("first", "1"), ("count", "true")]]


def test_everything_with_an_id_is_looked_up_by_it_alike() -> None:
    lookups = {query.kind.type: query for query in QUERIES if isinstance(query, Lookup)}
    for kind in kinds_by_prefix().values():
        lookup = lookups[kind.type]
        assert lookup.name == kind.type[0].lower() + kind.type[1:]
        field = field_of("Query", lookup.name)
        assert get_named_type(field.type).name == kind.type
        assert set(field.args) == ({"id", "slug"} if "slug" in kind.view.model_fields else {"id"})
        assert str(get_nullable_type(field.args["id"].type)) == "ID"


async def test_hubs_and_groups_are_found_by_id_and_by_slug(community: Community) -> None:
    query = "query($id: ID, $slug: String) { it: %s(id: $id, slug: $slug) { id slug } }"
    for name, identifier, slug in (("hub", community.hubs["north"], "north"), ("group", community.trust, "trust")):
        for by in ({"id": identifier}, {"slug": slug}, {"id": identifier, "slug": None}):
            data = await community.data(query % name, by, key=community.operator)
            assert data["it"] == {"id": identifier, "slug": slug}
        for missing in ({"id": new_id("evt")}, {"id": "x"}, {"slug": "../north"}, {"slug": "nowhere"}):
            assert (await community.data(query % name, missing, key=community.operator))["it"] is None
        for both in ({}, {"id": identifier, "slug": slug}, {"id": None}):
            answer = await community.ask(query % name, both, key=community.operator)
            (problem,) = answer["errors"][0]["extensions"]["problems"]
            assert (problem["code"], problem["path"]) == ("one_of_id_and_slug", ["slug"])


async def test_a_thing_of_every_service_is_found_by_its_id(community: Community, event: str) -> None:
    ada = community.people["ada"]
    registered = await community.do("registerForEvent", "registration { id }", {"event": event}, ada.token)
    registration = registered["registration"]["id"]
    key = community.key_ids["north"]
    query = """query($event: ID!, $registration: ID!, $person: ID!, $key: ID!) {
        event(id: $event) { id hub { slug } }
        registration(id: $registration) { id status }
        person(id: $person) { id memberships(first: 1) { edges { node { id } } } }
        apiKey(id: $key) { id name }
    }"""
    wanted = {"event": event, "registration": registration, "person": ada.id, "key": key}
    data = await community.data(query, wanted, key=community.operator)
    assert data["event"] == {"id": event, "hub": {"slug": "north"}}
    assert data["registration"] == {"id": registration, "status": "CONFIRMED"}
    assert data["apiKey"] == {"id": key, "name": "north site"}
    (membership,) = ids(data["person"]["memberships"])
    found = await community.data(
        "query($id: ID!) { membership(id: $id) { id person { name } } }", {"id": membership}, key=community.operator
    )
    assert found["membership"]["id"] == membership
    for name in ("registration", "apiKey"):
        hidden = await community.data(
            f"query($id: ID!) {{ it: {name}(id: $id) {{ id }} }}",
            {"id": registration if name == "registration" else key},
            key=community.keys["south"],
        )
        assert hidden == {"it": None}
