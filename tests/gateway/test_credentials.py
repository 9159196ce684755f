"""Credentials: which are taken, from where, and that none is ever taken for nobody."""

import asyncio
import time

import pytest

from gateway.auth import Credentials
from gateway.hearing import Hearing
from shared import clock
from shared.contracts.membership.api_keys import ApiKeyRevoked
from shared.contracts.membership.principals import OutboxCurrent
from shared.errors import Unavailable
from shared.ids import new_id
from shared.keys import new_key
from shared.messaging.broker import Broker
from shared.messaging.envelope import Envelope, seal, unseal
from tests.gateway.community import Community
from tests.support.waiting import eventually

VIEWER = "{ viewer { kind id: callerId } }"


async def test_a_key_is_taken_from_either_header(community: Community) -> None:
    key, key_id = community.keys["north"], community.key_ids["north"]
    for headers in ({"Authorization": f"Bearer {key}"}, {"authorization": f"bearer   {key} "}, {"X-Api-Key": key}):
        assert (await community.data(VIEWER, headers=headers))["viewer"] == {"kind": "CLIENT", "id": key_id}


async def test_what_is_no_credential_is_an_error_of_the_whole_request(community: Community) -> None:
    good, token = community.keys["north"], community.people["ada"].token
    mistyped = good[:-1] + ("a" if good[-1] != "a" else "b")
    unknown = new_key(new_id("key"))
    tampered = token[:-3] + ("aaa" if not token.endswith("aaa") else "bbb")
    for headers in (
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Basic {good}"},
        {"Authorization": good},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Bearer a.b.c"},
        {"Authorization": f"Bearer {mistyped}"},
        {"Authorization": f"Bearer {unknown}"},
        {"Authorization": f"Bearer {tampered}"},
        {"Authorization": "Bearer " + "x" * 7000},
        {"Authorization": f"Bearer {good}", "X-Api-Key": good},
        {"X-Api-Key": ""},
        {"X-Api-Key": "nonsense"},
        {"X-Api-Key": token},
        {"X-Api-Key": mistyped},
    ):
        answer = await community.ask(VIEWER, headers=headers)
        assert "data" not in answer, headers
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_SIGNED_IN"], headers
        assert good not in str(answer)
        (problem,) = answer["errors"][0]["extensions"]["problems"]
        assert problem["code"] == ("two_credentials" if len(headers) == 2 else "credential_refused"), headers


async def test_a_page_in_a_browser_may_send_a_persons_token_and_no_key(community: Community) -> None:
    key, zoe = community.keys["north"], community.people["ada"]
    for origin in ("https://north.example.org", "https://elsewhere.example.org", "null", "http://127.0.0.1"):
        for sent in ({"X-Api-Key": key}, {"Authorization": f"Bearer {key}"}):
            answer = await community.ask(VIEWER, headers={**sent, "Origin": origin})
            assert "data" not in answer, (origin, sent)
            (problem,) = answer["errors"][0]["extensions"]["problems"]
            assert problem["code"] == "key_in_browser"
        viewer = await community.data(VIEWER, key=zoe.token, headers={"Origin": origin})
        assert viewer["viewer"] == {"kind": "PERSON", "id": zoe.id}


async def test_our_own_page_may_send_a_key(community: Community) -> None:
    key, key_id = community.keys["north"], community.key_ids["north"]
    for headers in (
        {"Origin": community.stack.gateway},
        {"Origin": "https://mycelium.example.org", "Sec-Fetch-Site": "same-origin"},
    ):
        assert (await community.data(VIEWER, key=key, headers=headers))["viewer"] == {"kind": "CLIENT", "id": key_id}


async def test_an_internal_token_is_no_credential(community: Community) -> None:
    gateway = community.stack.app("gateway").state.gateway
    for audience in ("membership", "events", "gateway"):
        token = gateway.services.tokens.issue(gateway.services.gateway().principal, audience)
        answer = await community.ask(VIEWER, key=token)
        assert answer["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN"


async def test_what_somebody_may_do_follows_their_memberships(community: Community) -> None:
    zoe = await community.a_person("Zoe", "north")
    groups = "{ viewer { groups { slug } scopes } }"
    assert (await community.data(groups, key=zoe.token))["viewer"]["groups"] == []
    # Somebody else brings her in, and she says yes on another device, so that only messages can tell the gateway.
    elsewhere = await community.signed_in(zoe.id, zoe.address)
    wanted = {"group": community.trust, "person": zoe.id, "roles": ["CONVENER"]}
    joined = await community.do("joinGroup", "membership { id }", wanted, community.operator)
    assert (await community.data(groups, key=zoe.token))["viewer"]["groups"] == []
    await community.accept(elsewhere, joined)

    async def is_in() -> bool:
        viewer = (await community.data(groups, key=zoe.token))["viewer"]
        return bool(viewer["groups"] == [{"slug": "trust"}])

    await eventually(is_in, within=2)
    steward = {"hub": community.hubs["south"], "person": zoe.id, "roles": ["STEWARD"]}
    joined = await community.do("addHubMember", "membership { id }", steward, community.operator)
    await community.accept(elsewhere, joined)

    async def is_steward() -> bool:
        return "HUB_ADMIN" in (await community.data(groups, key=zoe.token))["viewer"]["scopes"]

    await eventually(is_steward, within=2)


async def test_a_key_sees_a_hub_that_is_made_below_its_own(community: Community) -> None:
    query = "{ viewer { hubs { slug } } }"
    await community.data(query, key=community.keys["south"])
    about = {"slug": "south-coast", "name": "South Coast", "kind": "REGIONAL", "parent": community.hubs["south"]}
    await community.do("createHub", "hub { parent { slug } }", about, community.operator)

    async def is_there() -> bool:
        hubs = (await community.data(query, key=community.keys["south"]))["viewer"]["hubs"]
        return "south-coast" in [hub["slug"] for hub in hubs]

    await eventually(is_there, within=2)


async def test_what_is_known_is_used_again_only_while_messages_are_heard(community: Community) -> None:
    services = community.stack.app("gateway").state.gateway.services
    hears = True
    credentials = Credentials(services, lambda: hears)
    key = community.keys["north"]
    for _ in range(3):
        assert (await credentials.resolve(key)).id == community.key_ids["north"]
    assert credentials.counters["asked"] == 1
    hears = False
    for _ in range(3):
        await credentials.resolve(key)
    assert credentials.counters["asked"] == 4
    hears = True
    credentials.forget_all()
    await credentials.resolve(key)
    assert credentials.counters["asked"] == 5


async def test_what_is_known_from_before_a_time_without_a_sign_of_life_is_forgotten(community: Community) -> None:
    gateway = community.stack.app("gateway").state.gateway
    credentials = Credentials(gateway.services, lambda: True)
    listener = Hearing(Broker(gateway.settings.amqp_url, "unused"), credentials).listener
    key = community.keys["north"]

    async def asks() -> bool:
        before = credentials.counters["asked"]
        await credentials.resolve(key)
        return credentials.counters["asked"] > before

    def tell() -> None:
        _, body = seal(OutboxCurrent(until=clock.now()), source="membership", subject="membership")
        listener.heard(unseal(body))

    def check() -> None:
        assert listener.checked is not None
        listener.checked(time.monotonic())

    assert await asks()
    for sign_of_life in (check, tell):
        assert not await asks()
        sign_of_life()  # the first one: there was none before
        assert await asks(), sign_of_life
        sign_of_life()
        assert not await asks(), sign_of_life


async def test_without_the_broker_every_credential_is_looked_up(community: Community) -> None:
    gateway = community.stack.app("gateway").state.gateway
    key_id, key = await community.a_key("north")
    asked = gateway.credentials.counters
    await community.data(VIEWER, key=community.keys["north"])
    await gateway.broker.close()
    try:
        before = asked["asked"]
        for _ in range(3):
            await community.data(VIEWER, key=key)
        assert asked["asked"] == before + 3
        await community.do("revokeApiKey", "apiKey { id }", {"apiKey": key_id}, community.operator)
        answer = await community.ask(VIEWER, key=key)
        assert answer["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN"
        async with community.stack.http.get(f"{community.stack.gateway}/readyz") as ready:
            assert (ready.status, await ready.json()) == (200, {"ready": True, "missing": ["rabbitmq"]})
    finally:
        await gateway.broker.start()
        await gateway.broker.connected()

    before = asked["asked"]
    await community.data(VIEWER, key=community.keys["north"])
    assert asked["asked"] == before + 1, "what was known before may have changed unheard"

    async def remembers() -> bool:
        before = asked["asked"]
        await community.data(VIEWER, key=community.keys["north"])
        return bool(asked["asked"] == before)

    await eventually(remembers)


async def test_an_answer_that_a_message_overtook_is_not_kept(community: Community) -> None:
    services = community.stack.app("gateway").state.gateway.services
    credentials = Credentials(services, lambda: True)
    key = community.keys["north"]
    resolving = asyncio.create_task(credentials.resolve(key))
    await asyncio.sleep(0)  # it has asked, and waits
    credentials.forget(key)
    await resolving
    await credentials.resolve(key)
    assert credentials.counters["asked"] == 2
    await credentials.resolve(key)
    assert credentials.counters["asked"] == 2


async def test_who_asks_after_a_change_is_not_given_the_answer_to_a_question_from_before_it(
    community: Community,
) -> None:
    services = community.stack.app("gateway").state.gateway.services
    credentials = Credentials(services, lambda: True)
    key = community.keys["north"]
    before = asyncio.create_task(credentials.resolve(key))
    await asyncio.sleep(0)  # it has asked, and waits
    credentials.forget(key)
    await asyncio.gather(before, credentials.resolve(key), credentials.resolve(key))
    assert credentials.counters["asked"] == 2, "those who ask after the change share one answer of their own"
    await credentials.resolve(key)
    assert credentials.counters["asked"] == 2, "the answer from after the change is kept, the other is not"


async def test_a_message_heard_while_membership_is_asked_has_it_asked_again(community: Community) -> None:
    services = community.stack.app("gateway").state.gateway.services
    credentials = Credentials(services, lambda: True)
    key = community.keys["north"]
    before = asyncio.create_task(credentials.resolve(key))
    await asyncio.sleep(0)  # it has asked, and waits
    credentials.hear(revoked(community.key_ids["south"]))  # what it depends on is not known yet
    after = asyncio.create_task(credentials.resolve(key))
    await asyncio.sleep(0)
    credentials.hear(revoked(community.key_ids["north"]))
    await asyncio.gather(before, after)
    assert credentials.counters["asked"] == 2
    await credentials.resolve(key)
    assert credentials.counters["asked"] == 3, "neither answer is kept, for both may be from before the second message"


def revoked(key_id: str) -> Envelope:
    """What membership tells when a key is revoked."""
    _, body = seal(ApiKeyRevoked(key_id=key_id, hub_id=None), source="membership", subject=key_id)
    return unseal(body)


async def test_without_membership_nobody_is_taken_for_anybody(community: Community) -> None:
    async with community.stack.without("membership"):
        credentials = community.stack.app("gateway").state.gateway.credentials
        credentials.forget_all()
        with pytest.raises(Unavailable):
            await credentials.resolve(community.keys["north"])
        answer = await community.ask(VIEWER, key=community.keys["north"])
        assert "data" not in answer
        assert answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert answer["errors"][0]["extensions"]["service"] == "membership"
        assert (await community.data(VIEWER))["viewer"]["kind"] == "ANONYMOUS"
