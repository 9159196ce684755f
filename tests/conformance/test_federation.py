"""The graph composed with a partner's by both composers, and asked through Apollo's gateway as the guide sets it up."""

import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gateway.graph.federation import SUBGRAPH
from gateway.services import Service
from tests.conformance.packages import HERE, install, run, serving
from tests.support.acting import Actor, Community
from tests.support.stack import Stack

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("npm") is None, reason="there is no npm on this machine: no graph is composed"),
]
EXAMPLE = HERE.parents[1] / "examples" / "federation"
MANY = 100


@dataclass(frozen=True)
class Federated:
    """A gateway over our graph and a partner's, and what the partner's talks are about."""

    stack: Stack
    url: str
    published: str
    draft: str
    organisations: list[str]

    async def ask(self, query: str, who: Actor | None = None, **variables: Any) -> dict[str, Any]:
        """Send an operation to the federated graph; gives the whole answer."""
        headers = {"authorization": f"Bearer {who.credential}"} if who else {}
        sent = {"query": query, "variables": variables}
        async with self.stack.http.post(self.url, json=sent, headers=headers) as answer:
            said: dict[str, Any] = await answer.json()
        return said


@pytest.fixture(scope="module")
async def packages() -> None:
    """The npm packages, installed."""
    await install()


@pytest.fixture(scope="module")
async def federated(
    packages: None, stack: Stack, community: Community, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Federated]:
    """Both subgraphs running, and a gateway over them."""
    published = await community.an_event(title="What have we learnt?")
    draft = await community.hub_key.do(
        "createEvent",
        "event { id }",
        title="Not yet",
        kind="WORKSHOP",
        hub=community.hub,
        startsAt="2031-03-05T12:30:00Z",
        endsAt="2031-03-05T16:30:00Z",
        timeZone="Europe/London",
    )
    organisations: list[str] = []
    for start in range(0, MANY, 25):
        inputs = [f'{{name: "Federated {start + number}", kind: RESEARCHER}}' for number in range(25)]
        mutations = [
            f"a{number}: createOrganisation(input: {each}) {{ organisation {{ id }} }}"
            for number, each in enumerate(inputs)
        ]
        made = await community.operator.ask(f"mutation {{ {' '.join(mutations)} }}")
        organisations += [each["organisation"]["id"] for each in made.values()]
    talks = [
        {"id": "talk_published", "title": "Of the conversation", "event": published},
        {"id": "talk_draft", "title": "Of the draft", "event": draft["event"]["id"]},
        *({"id": f"talk_{n}", "title": f"By {n}", "organisation": each} for n, each in enumerate(organisations[2:])),
    ]
    talks[0]["organisation"], talks[1]["organisation"] = organisations[:2]
    folder = tmp_path_factory.mktemp("federation")
    async with serving(EXAMPLE / "partner.mjs", folder, TALKS=json.dumps(talks), PORT="0") as partner:
        addresses = {"MYCELIUM_GRAPHQL": stack.graphql, "PARTNER_GRAPHQL": partner, "PORT": "0"}
        async with serving(EXAMPLE / "gateway.mjs", folder, **addresses) as url:
            yield Federated(stack, url, published, draft["event"]["id"], organisations)


async def composed(ours: str, theirs: str, folder: Path = HERE) -> dict[str, Any]:
    """What both composers say to these two."""
    said: dict[str, Any] = json.loads(
        await run(folder, "node", "compose.mjs", given={"mycelium": ours, "partner": theirs})
    )
    return said


PARTNER = (EXAMPLE / "partner.graphql").read_text()


async def test_both_composers_take_our_subgraph_beside_a_relay_server(packages: None) -> None:
    fine = {"errors": [], "composes": True}
    assert await composed(SUBGRAPH.read_text(), PARTNER) == {"apollo": fine, "guild": fine}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("type Query {", "type Query {\n  node(id: ID!): Node"), ("", "")),
        (("type PageInfo @shareable", "type PageInfo"), ("", "")),
        (("", ""), ("type Talk", "type Place @shareable { name: String! }\ntype Talk")),
        (("", ""), ("talks(first", "events: [Talk]\n talks(first")),
    ],
    ids=["our node", "a PageInfo not shared", "their Place", "their events"],
)
async def test_what_clashes_is_refused_by_both(packages: None, ours: tuple[str, str], theirs: tuple[str, str]) -> None:
    said = await composed(SUBGRAPH.read_text().replace(*ours, 1), PARTNER.replace(*theirs, 1))
    for each in said.values():
        assert not each["composes"]
        assert any("INVALID_FIELD_SHARING" in error for error in each["errors"]), each


async def test_a_partners_thing_leads_to_ours_as_the_caller_may_see_it(
    federated: Federated, community: Community
) -> None:
    query = "{ talks(first: 2) { edges { node { title event { title hub { name } organisers { id } } } } } }"
    member = await community.a_person()
    answers = [await federated.ask(query, who) for who in (community.hub_key, member, None)]
    codes = [{error["extensions"]["code"] for error in each.get("errors", ())} for each in answers]
    assert codes == [set(), set(), {"NOT_SIGNED_IN"}]
    seen = [
        [edge["node"]["event"] and edge["node"]["event"]["title"] for edge in each["data"]["talks"]["edges"]]
        for each in answers
    ]
    assert seen == [["What have we learnt?", "Not yet"], ["What have we learnt?", None], [None, None]]


async def test_a_partners_relay_server_gives_our_event_by_its_id(federated: Federated, community: Community) -> None:
    query = "query($id: ID!) { node(id: $id) { __typename id ... on Event { title status } ... on Talk { title } } }"
    answer = await federated.ask(query, community.hub_key, id=federated.published)
    event = {"__typename": "Event", "id": federated.published, "title": "What have we learnt?", "status": "PUBLISHED"}
    assert answer == {"data": {"node": event}}
    talk = await federated.ask(query, community.hub_key, id="talk_published")
    assert talk["data"]["node"] == {"__typename": "Talk", "id": "talk_published", "title": "Of the conversation"}


async def test_our_thing_leads_to_what_the_partner_adds_to_it(federated: Federated, community: Community) -> None:
    query = "query($id: ID!) { viewer { kind } event(id: $id) { title talks { title } } }"
    answer = await federated.ask(query, community.hub_key, id=federated.published)
    assert answer["data"] == {
        "viewer": {"kind": "CLIENT"},
        "event": {"title": "What have we learnt?", "talks": [{"title": "Of the conversation"}]},
    }


async def test_a_change_is_made_through_the_federated_graph(federated: Federated, community: Community) -> None:
    member = await community.a_person()
    query = """mutation($id: ID!) { registerForEvent(input: {event: $id}) {
        registration { status event { title talks { title } } } problems { code path }
    } }"""
    answer = await federated.ask(query, member, id=federated.published)
    event = {"title": "What have we learnt?", "talks": [{"title": "Of the conversation"}]}
    assert answer["data"]["registerForEvent"] == {
        "registration": {"status": "CONFIRMED", "event": event},
        "problems": [],
    }


async def test_a_hundred_things_of_ours_are_one_request_and_one_call(
    federated: Federated, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    by_ids = Service.by_ids

    async def counted(self: Service, caller: Any, collection: str, ids: list[str]) -> Any:
        asked.append(f"{collection} {len(ids)}")
        return await by_ids(self, caller, collection, ids)

    monkeypatch.setattr(Service, "by_ids", counted)
    query = "{ talks(first: 100) { edges { node { organisation { id name } } } } }"
    answer = await federated.ask(query, community.hub_key)
    names = [edge["node"]["organisation"]["name"] for edge in answer["data"]["talks"]["edges"]]
    assert names == [f"Federated {number}" for number in range(MANY)]
    assert asked == [f"organisations {MANY}"]
