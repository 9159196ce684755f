"""A service that is away costs its own part of an answer, and the answer says so."""

from collections.abc import Iterator
from typing import Any

from tests.gateway.community import Community, an_event_input


async def readiness(community: Community) -> tuple[int, Any]:
    """What `/readyz` says."""
    async with community.stack.http.get(f"{community.stack.gateway}/readyz") as answer:
        return answer.status, await answer.json()


def nulls_in(part: Any, path: tuple[str | int, ...] = ()) -> Iterator[list[str | int]]:
    """The paths of all nulls in an answer."""
    if part is None:
        yield list(path)
    below = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in below:
        yield from nulls_in(value, (*path, key))


async def test_reads_go_on_without_a_service_and_name_what_is_missing(community: Community) -> None:
    await community.an_event(community.operator)
    query = """{
        hub(slug: "north") { name events(first: 1) { edges { node { id } } } entries { edges { node { id } } } }
        events(first: 1) { edges { node { title hub { name } } } }
        entries { edges { node { id } } }
    }"""
    async with community.stack.without("learning"):
        answer = await community.ask(query, key=community.operator)
        assert await readiness(community) == (200, {"ready": True, "missing": ["learning"]})
    data = answer["data"]
    assert data["hub"]["name"] == "North"
    assert data["hub"]["events"]["edges"] != []
    assert data["events"]["edges"][0]["node"]["hub"] == {"name": "North"}
    assert data["hub"]["entries"] is None
    assert data["entries"] is None
    assert sorted(error["path"] for error in answer["errors"]) == [["entries"], ["hub", "entries"]]
    for error in answer["errors"]:
        assert error["extensions"]["code"] == "UNAVAILABLE"
        assert error["extensions"]["service"] == "learning"
    assert (await community.data(query, key=community.operator))["entries"] is not None


async def test_relations_to_a_missing_service_are_null(community: Community) -> None:
    event = await community.an_event(community.people["sam"].token)
    await community.data("{ viewer { id: callerId } }", key=community.operator)
    query = """query($id: ID!) {
        event(id: $id) { title hub { name } organisers { name } }
        events(first: 2) { edges { node { title hub { name } organisers { name } } } }
    }"""
    async with community.stack.without("membership"):
        answer = await community.ask(query, {"id": event}, key=community.operator)
        status, told = await readiness(community)
        assert (status, told["missing"]) == (503, ["membership"])
    assert answer["data"]["event"]["title"] == "A regional conversation"
    assert (answer["data"]["event"]["hub"], answer["data"]["event"]["organisers"]) == (None, None)
    assert [edge["node"]["hub"] for edge in answer["data"]["events"]["edges"]] == [None, None]
    assert {error["extensions"]["service"] for error in answer["errors"]} == {"membership"}
    assert sorted(nulls_in(answer["data"])) == sorted(error["path"] for error in answer["errors"])


async def test_a_change_that_cannot_be_made_now_is_an_error_of_the_request(community: Community) -> None:
    mutation = "mutation($input: CreateEventInput!) { createEvent(input: $input) { event { id } problems { code } } }"
    wanted = an_event_input(community.hubs["north"])
    async with community.stack.without("events"):
        answer = await community.ask(mutation, {"input": wanted}, key=community.operator)
    assert answer["data"] == {"createEvent": None}
    assert answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert answer["errors"][0]["extensions"]["service"] == "events"


async def test_the_gateway_is_alive_and_shows_its_numbers_and_keys(community: Community) -> None:
    http, url = community.stack.http, community.stack.gateway
    await community.data("{ viewer { id: callerId } }", key=community.operator)
    assert await readiness(community) == (200, {"ready": True, "missing": []})
    async with http.get(f"{url}/livez") as answer:
        assert (answer.status, await answer.text()) == (200, "ok\n")
    async with http.get(f"{url}/metrics") as answer:
        text = await answer.text()
        assert 'mycelium_http_request_seconds_count{method="POST",route="/graphql",status="200"}' in text
        assert 'mycelium_credentials_total{what="asked"}' in text
    async with http.get(f"{url}/.well-known/jwks.json") as answer:
        (key,) = (await answer.json())["keys"]
        assert (key["kty"], key["crv"]) == ("OKP", "Ed25519")
        assert "d" not in key
    async with http.get(f"{url}/nothing") as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, "not_found")
