"""What can be read through the graph."""

import re
from datetime import timedelta
from typing import Any

from shared import clock
from shared.clock import iso
from shared.ids import new_id
from tests.gateway.community import Community

EVENTS = """query($filter: EventFilter, $first: Int, $after: String) {
    events(filter: $filter, first: $first, after: $after) {
        edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
}"""


COUNTED = re.compile(r'^mycelium_http_request_seconds_count\{.*route="([^"]+)".*\} (\S+)$', re.MULTILINE)


async def test_an_event_shows_its_host_and_its_organisers(community: Community) -> None:
    sam = community.people["sam"]
    event = await community.an_event(sam.token, title="Trust, slowly", themes=["TRUST"], capacity=20)
    query = """query($id: ID!) { event(id: $id) {
        id title startsAt endsAt capacity confirmedCount themes hub { id name slug } organisers { id name headline }
    } }"""
    data = await community.data(query, {"id": event}, key=community.keys["north"])
    assert data["event"]["hub"] == {"id": community.hubs["north"], "name": "North", "slug": "north"}
    assert data["event"]["organisers"] == [{"id": sam.id, "name": "Sam", "headline": None}]
    assert data["event"]["themes"] == ["TRUST"]


async def test_a_list_is_gone_through_page_by_page(community: Community) -> None:
    group = await a_group(community, "pages")
    made = [await community.an_event(community.operator, title=f"Part {n}", group=group) for n in range(5)]
    seen: list[str] = []
    after, pages = None, 0
    while pages == 0 or after:
        wanted = {"filter": {"group": group}, "first": 2, "after": after}
        page = (await community.data(EVENTS, wanted, key=community.keys["north"]))["events"]
        seen += [edge["node"]["id"] for edge in page["edges"]]
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        assert page["pageInfo"]["hasPreviousPage"] is (pages > 0)
        after, pages = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None, pages + 1
    assert sorted(seen) == sorted(made)
    assert pages == 3


async def test_an_empty_list_is_an_empty_page(community: Community) -> None:
    group = await a_group(community, "empty")
    page = (await community.data(EVENTS, {"filter": {"group": group}}, key=community.keys["north"]))["events"]
    info = {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}
    assert page == {"edges": [], "pageInfo": info}


async def test_a_hub_stands_for_the_hubs_below_it(community: Community) -> None:
    event = await community.an_event(community.operator, title="Below National")
    for hub, is_there in (("national", True), ("north", True), ("south", False)):
        wanted = {"filter": {"hub": community.hubs[hub]}, "first": 100}
        page = (await community.data(EVENTS, wanted, key=community.operator))["events"]
        assert (event in [edge["node"]["id"] for edge in page["edges"]]) is is_there, hub


async def test_a_hub_that_is_not_there_has_an_empty_list(community: Community) -> None:
    page = (await community.data(EVENTS, {"filter": {"hub": new_id("hub")}}, key=community.operator))["events"]
    assert page["edges"] == []


async def test_filters_narrow_a_list_together(community: Community) -> None:
    soon, late = clock.now() + timedelta(days=400), clock.now() + timedelta(days=500)
    times: dict[str, Any] = {"startsAt": iso(soon), "endsAt": iso(soon + timedelta(hours=1))}
    wanted = await community.an_event(community.operator, themes=["LEARNING_SYSTEMS"], **times)
    await community.an_event(community.operator, themes=["TRUST"], **times)
    draft = await community.an_event(community.operator, published=False, themes=["LEARNING_SYSTEMS"], **times)
    which = {"from": iso(soon), "to": iso(late), "themes": ["LEARNING_SYSTEMS"]}
    both = (await community.data(EVENTS, {"filter": which}, key=community.operator))["events"]["edges"]
    assert {edge["node"]["id"] for edge in both} == {wanted, draft}
    which["statuses"] = ["PUBLISHED", "CANCELLED"]
    found = (await community.data(EVENTS, {"filter": which}, key=community.operator))["events"]["edges"]
    assert [edge["node"]["id"] for edge in found] == [wanted]


async def test_a_word_said_ever_so_often_is_said_once(community: Community) -> None:
    event = await community.an_event(community.operator, themes=["PLACES_AS_SYSTEMS"])
    which = {"themes": ["PLACES_AS_SYSTEMS"] * 400, "statuses": ["PUBLISHED"] * 400}
    found = (await community.data(EVENTS, {"filter": which, "first": 100}, key=community.operator))["events"]["edges"]
    assert event in [edge["node"]["id"] for edge in found]


async def test_node_finds_things_of_every_service_by_their_prefix(community: Community) -> None:
    event = await community.an_event(community.operator)
    ids = [community.hubs["north"], community.trust, community.people["ada"].id, event]
    query = """query($ids: [ID!]!) { nodes(ids: $ids) {
        __typename id ... on Hub { slug } ... on Group { domain } ... on Person { name } ... on Event { status }
    } }"""
    nodes = (await community.data(query, {"ids": ids}, key=community.operator))["nodes"]
    assert nodes == [
        {"__typename": "Hub", "id": ids[0], "slug": "north"},
        {"__typename": "Group", "id": ids[1], "domain": "How we come to trust"},
        {"__typename": "Person", "id": ids[2], "name": "Ada"},
        {"__typename": "Event", "id": ids[3], "status": "PUBLISHED"},
    ]


async def test_what_is_not_there_not_visible_or_malformed_is_null_alike(community: Community) -> None:
    draft = await community.an_event(community.operator, published=False)
    ids = [draft, new_id("evt"), new_id("req"), "evt_short", "", "\U0001f33f", "../hubs", "x" * 5000]
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert (await community.data(query, {"ids": ids}, key=community.keys["south"]))["nodes"] == [None] * len(ids)
    one = "query($id: ID!) { node(id: $id) { id } event(id: $id) { id } person(id: $id) { id } }"
    for each in (*ids, community.hubs["north"]):
        data = await community.data(one, {"id": each}, key=community.keys["south"])
        assert (data["event"], data["person"]) == (None, None)


async def test_hubs_and_groups_are_found_by_slug(community: Community) -> None:
    query = """query($hub: String!, $group: String!) {
        hub(slug: $hub) { name parent { slug } children { edges { node { slug } } } groups { edges { node { id } } } }
        group(slug: $group) { hub { slug } members { edges { node { roles person { name } } } } }
    }"""
    data = await community.data(query, {"hub": "north", "group": "trust"}, key=community.keys["south"])
    assert data["hub"]["name"] == "North"
    assert data["hub"]["parent"] == {"slug": "national"}
    assert community.trust in [edge["node"]["id"] for edge in data["hub"]["groups"]["edges"]]
    names = [edge["node"]["person"]["name"] for edge in data["group"]["members"]["edges"]]
    assert "Ada" in names
    for slug in ("not-there", "..", "north/../south", "by slug", ""):
        assert await community.data(query, {"hub": slug, "group": slug}, key=community.keys["south"]) == {
            "hub": None,
            "group": None,
        }


async def test_the_viewer_is_a_person_a_key_or_nobody(community: Community) -> None:
    query = "{ viewer { kind id: callerId scopes person { name } hubs { slug } groups { slug } } }"
    ada = community.people["ada"]
    viewer = (await community.data(query, key=ada.token))["viewer"]
    assert (viewer["kind"], viewer["id"], viewer["person"]) == ("PERSON", ada.id, {"name": "Ada"})
    assert {hub["slug"] for hub in viewer["hubs"]} == {"north", "national"}
    assert "trust" in [group["slug"] for group in viewer["groups"]]
    viewer = (await community.data(query, key=community.keys["north"]))["viewer"]
    assert (viewer["kind"], viewer["id"]) == ("CLIENT", community.key_ids["north"])
    assert viewer["person"] is None
    assert "HUB_ADMIN" in viewer["scopes"]
    nobody = (await community.data("{ viewer { kind id: callerId scopes person { name } } }"))["viewer"]
    assert nobody == {"kind": "ANONYMOUS", "id": None, "scopes": [], "person": None}


async def test_nobody_reads_nothing_and_each_field_says_so(community: Community) -> None:
    answer = await community.ask("{ hubs { edges { node { id } } } events { edges { node { id } } } }")
    assert answer["data"] == {"hubs": None, "events": None}
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [
        (["hubs"], "NOT_SIGNED_IN"),
        (["events"], "NOT_SIGNED_IN"),
    ]
    assert all(error["extensions"]["requestId"].startswith("req_") for error in answer["errors"])


async def test_a_scope_that_is_missing_is_named(community: Community) -> None:
    _, key = await community.a_key("north", ["DIRECTORY_READ"])
    answer = await community.ask('{ events { edges { node { id } } } hub(slug: "north") { name } }', key=key)
    assert answer["data"] == {"events": None, "hub": {"name": "North"}}
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "NOT_ALLOWED"
    assert "events:read" in error["message"]


async def test_a_hubs_and_a_groups_events_are_narrowed_like_all_events(community: Community) -> None:
    group, key = await a_group(community, "narrowed"), community.operator
    soon, late = clock.now() + timedelta(days=7), clock.now() + timedelta(days=60)
    late_times: dict[str, Any] = {"startsAt": iso(late), "endsAt": iso(late + timedelta(hours=2))}
    plain = await community.an_event(key, group=group)
    trusting = await community.an_event(key, group=group, themes=["TRUST"])
    draft = await community.an_event(key, group=group, published=False, themes=["TRUST"])
    later = await community.an_event(key, group=group, **late_times)
    ours = {plain, trusting, draft, later}
    between = soon + timedelta(days=7)
    query = """query($id: ID!, $filter: EventFilter) { node(id: $id) {
        ... on Group { events(filter: $filter, first: 100) { edges { node { id } } } }
        ... on Hub { events(filter: $filter, first: 100) { edges { node { id } } } }
    } }"""
    for narrower, left in (
        (None, ours),
        ({}, ours),
        ({"from": None, "themes": []}, ours),
        ({"from": iso(between)}, {later}),
        ({"to": iso(between)}, {plain, trusting, draft}),
        ({"themes": ["TRUST", "CO_PRODUCTION"]}, {trusting, draft}),
        ({"themes": ["TRUST"], "statuses": ["PUBLISHED"]}, {trusting}),
        ({"statuses": ["DRAFT", "CANCELLED"]}, {draft}),
    ):
        for thing in (group, community.hubs["north"], community.hubs["national"]):
            data = await community.data(query, {"id": thing, "filter": narrower}, key=key)
            found = {edge["node"]["id"] for edge in data["node"]["events"]["edges"]}
            assert found & ours == left, (narrower, thing)
    data = await community.data(query, {"id": community.hubs["south"], "filter": {"statuses": ["DRAFT"]}}, key=key)
    assert draft not in {edge["node"]["id"] for edge in data["node"]["events"]["edges"]}


async def test_a_fault_in_the_filter_of_a_hubs_events_is_named(community: Community) -> None:
    query = """query($id: ID!, $filter: EventFilter) { node(id: $id) {
        ... on Hub { slug events(filter: $filter) { edges { cursor } } }
    } }"""
    backwards = {"from": "2030-01-02T00:00:00Z", "to": "2030-01-01T00:00:00Z"}
    wanted = {"id": community.hubs["north"], "filter": backwards}
    answer = await community.ask(query, wanted, key=community.operator)
    assert answer["data"] == {"node": {"slug": "north", "events": None}}
    (problem,) = answer["errors"][0]["extensions"]["problems"]
    assert (problem["code"], problem["path"]) == ("empty_period", ["filter", "to"])


async def test_bad_arguments_are_errors_that_name_them(community: Community) -> None:
    for arguments, code, path in (
        ("first: 0", "bad_page_size", ["first"]),
        ("first: 101", "bad_page_size", ["first"]),
        ("first: -5", "bad_page_size", ["first"]),
        ('after: "rubbish"', "bad_cursor", ["after"]),
        ('after: "\U0001f33f"', "bad_cursor", ["after"]),
        ('filter: {hub: "nonsense"}', "bad_id", ["filter", "hub"]),
        ('filter: {group: "hub_nonsense"}', "bad_id", ["filter", "group"]),
    ):
        answer = await community.ask(f"{{ events({arguments}) {{ edges {{ cursor }} }} }}", key=community.operator)
        assert answer["data"] == {"events": None}, arguments
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "BAD_REQUEST", arguments
        (problem,) = error["extensions"]["problems"]
        assert (problem["code"], problem["path"]) == (code, path), arguments


async def test_a_cursor_of_another_list_is_refused(community: Community) -> None:
    await community.an_event(community.operator)
    page = (await community.data(EVENTS, {"first": 1}, key=community.operator))["events"]
    wanted = {"filter": {"hub": community.hubs["south"]}, "after": page["pageInfo"]["endCursor"]}
    answer = await community.ask(EVENTS, wanted, key=community.operator)
    assert answer["errors"][0]["extensions"]["problems"][0]["code"] == "bad_cursor"


async def test_a_page_costs_one_call_for_each_kind_of_thing_it_leads_to(community: Community) -> None:
    sam, ada = community.people["sam"], community.people["ada"]
    for number in range(3):
        await community.an_event(sam.token, title=f"With two {number}", organisers=[sam.id, ada.id])
    query = """{ events(first: 20) { edges { node {
        title hub { name parent { name } } organisers { name } ...More
    } } } }
    fragment More on Event { group { name } again: hub { slug } }"""
    before = await calls(community)
    data = await community.data(query, key=community.keys["north"])
    after = await calls(community)
    assert len(data["events"]["edges"]) > 3
    made = {route: count - before.get(route, 0) for route, count in after.items() if count != before.get(route, 0)}
    # The hub above the hosts is a further step, and groups are asked for only where an event is for one.
    assert made.pop("/groups/by-ids", 1) == 1
    assert made == {"/events": 1, "/hubs/by-ids": 2, "/people/by-ids": 1}


async def test_what_is_skipped_is_not_read(community: Community) -> None:
    await community.an_event(community.operator)
    query = """query($not: Boolean!) { events(first: 2) { edges { node {
        title hub @skip(if: true) { name } ... @include(if: $not) { organisers { name } }
    } } } }"""
    before = await calls(community)
    data = await community.data(query, {"not": False}, key=community.keys["north"])
    assert "host" not in data["events"]["edges"][0]["node"]
    assert await calls(community) == before | {"/events": before["/events"] + 1}
    data = await community.data(query, {"not": True}, key=community.keys["north"])
    assert "organisers" in data["events"]["edges"][0]["node"]


async def test_nodes_of_one_kind_are_read_with_one_call(community: Community) -> None:
    people = [each.id for each in community.people.values()]
    before = await calls(community)
    ids = [*people, community.hubs["north"], *people, "nonsense"]
    data = await community.data(
        "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids}, key=community.keys["north"]
    )
    assert [node and node["id"] for node in data["nodes"]] == [*ids[:-1], None]
    after = await calls(community)
    assert after["/people/by-ids"] - before["/people/by-ids"] == 1
    assert after["/hubs/by-ids"] - before["/hubs/by-ids"] == 1


async def calls(community: Community) -> dict[str, int]:
    """How many requests each reading route of the services has answered, by their own count."""
    counted: dict[str, int] = {}
    for service in ("membership", "events"):
        async with community.stack.http.get(f"{community.stack.url(service)}/metrics") as answer:
            text = await answer.text()
        for route, count in COUNTED.findall(text):
            counted[route] = counted.get(route, 0) + int(float(count))
    return {route: count for route, count in counted.items() if route == "/events" or route.endswith("by-ids")}


async def a_group(community: Community, slug: str) -> str:
    """A group of North's."""
    about = {"slug": slug, "name": slug, "domain": "Something shared", "hub": community.hubs["north"]}
    made = await community.do("createGroup", "group { id }", about, community.operator)
    group: str = made["group"]["id"]
    return group
